/** Brings a database to the newest schema: forward only, one process at a time. */
import type pg from 'pg';
import { StorageError } from '../../../catalog/storage-error.ts';
import { toStorageError } from './storage-errors.ts';
import { catalogue } from '../migrations/001-catalogue.ts';
import { attributesAndChanges } from '../migrations/002-attributes-and-changes.ts';
import { modelVersionUses } from '../migrations/003-model-version-uses.ts';

/** Migration N brings the schema from version N to N + 1; what has been released is never edited. */
const migrations: readonly string[] = [catalogue, attributesAndChanges, modelVersionUses];

const MIN_SERVER = 140_000;
/** "tastematch migrations", as one number for `pg_advisory_xact_lock`. */
const MIGRATION_LOCK = 0x7a57_e001;

/** Connects and disconnects. Rejects with a `StorageError` when the server or its schema cannot be used. */
export async function migrateDatabase(client: pg.Client): Promise<void> {
  client.on('error', () => {});
  try {
    await client.connect();
    await migrate(client);
  } catch (error) {
    throw toStorageError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** All of them in one transaction. */
async function migrate(client: pg.ClientBase): Promise<void> {
  const server = await client.query<{ number: string }>(
    `SELECT current_setting('server_version_num') AS number`,
  );
  if (Number(server.rows[0]?.number) < MIN_SERVER) {
    throw new StorageError('unavailable', 'PostgreSQL 14 or newer is needed, with pgvector 0.8 or newer');
  }
  if ((await readVersion(client)) === migrations.length) return;
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    const version = await readVersion(client);
    if (version > migrations.length) throw newerSchema(version);
    for (const sql of migrations.slice(version)) await client.query(sql);
    await client.query('DELETE FROM schema_version');
    await client.query('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
    await checkExtension(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function readVersion(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ known: string | null }>(
    `SELECT to_regclass('schema_version')::text AS known`,
  );
  if (rows[0]?.known === null) return 0;
  const version = await client.query<{ version: number }>('SELECT version FROM schema_version');
  return version.rows[0]?.version ?? 0;
}

async function checkExtension(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    `SELECT extversion AS version FROM pg_extension WHERE extname = 'vector'`,
  );
  const [major = 0, minor = 0] = (rows[0]?.version ?? '').split('.').map(Number);
  if (major === 0 && minor < 8) {
    throw new StorageError(
      'unavailable',
      `pgvector 0.8 or newer is needed, the database has ${rows[0]?.version ?? 'none'}: ` +
        'install it and run ALTER EXTENSION vector UPDATE',
    );
  }
}

function newerSchema(version: number): StorageError {
  return new StorageError(
    'unavailable',
    `the database has schema ${version}, this release knows ${migrations.length}: use the release that wrote it, or a newer one`,
  );
}
