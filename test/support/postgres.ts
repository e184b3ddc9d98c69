/** PostgreSQL for tests: one server for a test run, a fresh database for each caller. */
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

let own: Promise<PostgresServer> | undefined;

/** `TEST_DATABASE_URL` names a server; otherwise this file of tests has one of its own, which ends with it. */
async function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  own ??= startPostgres();
  return (await own).url;
}

after(async () => {
  await (await own?.catch(() => undefined))?.remove();
});

/** False, or why tests on PostgreSQL have to be skipped. Under `CI` they must not be: then it rejects. */
async function findPostgres(): Promise<string | false> {
  try {
    await serverUrl();
    return false;
  } catch (error) {
    if (process.env['CI']) throw error;
    const [reason] = (error as Error).message.split('\n');
    return `no PostgreSQL: ${reason}; TEST_DATABASE_URL can name a server with pgvector`;
  }
}

export const noPostgres = await findPostgres();

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: await serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The URL of an empty database, and how to drop it. */
export async function createPostgresDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `tastematch_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  const url = new URL(await serverUrl());
  url.pathname = name;
  return {
    url: url.href,
    async drop() {
      // A server of this file's own goes with everything in it.
      if (!own) await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
