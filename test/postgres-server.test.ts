import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import pg from 'pg';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';

const database = noPostgres ? undefined : await createPostgresDatabase();
after(() => database?.drop());

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database?.url });
  await client.connect();
  return client;
}

test('the test server has pgvector with iterative index scans', { skip: noPostgres }, async (t) => {
  const client = await connect();
  t.after(() => client.end());
  await client.query('CREATE EXTENSION vector');
  await client.query('CREATE TABLE points (id int, place vector(2))');
  await client.query(`INSERT INTO points SELECT i, ARRAY[i, 1]::vector FROM generate_series(1, 1000) i`);
  await client.query('CREATE INDEX ON points USING hnsw (place vector_cosine_ops)');
  await client.query('SET enable_seqscan = off; SET hnsw.iterative_scan = strict_order');
  const { rows } = await client.query<{ id: number }>(
    `SELECT id FROM points WHERE id % 10 = 0 ORDER BY place <=> '[1,1]' LIMIT 3`,
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    [10, 20, 30],
  );
});

test('the test server delivers notifications between connections', { skip: noPostgres }, async (t) => {
  const [listener, sender] = await Promise.all([connect(), connect()]);
  t.after(() => Promise.all([listener.end(), sender.end()]));
  await listener.query('LISTEN greetings');
  const received = once(listener, 'notification') as Promise<[pg.Notification]>;
  await sender.query(`NOTIFY greetings, 'hello'`);
  const [{ payload }] = await received;
  assert.equal(payload, 'hello');
});
