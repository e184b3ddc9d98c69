/** GET /backup: a copy of the database without a shell, made while the service goes on. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';
import { runCommand } from './support/command.ts';
import { importText, ndjson } from './support/import.ts';
import { startService, temporaryFolder, until } from './support/service.ts';

test('a downloaded backup can be restored elsewhere, vectors included, and leaves nothing behind', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' }, { arguments: ['--sample-data'] });
  const key = { Authorization: 'Bearer secret' };
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
  assert.equal((await service.get('/backup')).status, 401);
  const download = await fetch(`${service.url}/backup`, { headers: key });
  assert.equal(download.status, 200);
  assert.match(
    download.headers.get('content-disposition') ?? '',
    /^attachment; filename="tastematch-[\d-]+\.db"$/,
  );
  const bytes = Buffer.from(await download.arrayBuffer());
  assert.equal(bytes.length, Number(download.headers.get('content-length')));
  assert.deepEqual(
    (await readdir(service.folder)).filter((name) => name.includes('download')),
    [],
  );

  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'backup.db'), bytes);
  const restored = await runCommand(folder, ['restore', join(folder, 'backup.db')]);
  assert.equal(restored.code, 0, restored.stderr);
  const other = await startService(t, {}, { folder });
  const { body } = await other.get('/embeddings');
  assert.deepEqual([body.total, body.ready], [137, 1]);
});

test('the service goes on while a backup is made, and a second one is rejected until the first is downloaded', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const rows = Array.from({ length: 20_000 }, (_, i) => ({ name: `R${i}`, description: 'x'.repeat(500) }));
  await importText(service, 'application/x-ndjson', ndjson(rows));
  const first = fetch(`${service.url}/backup`);
  const second = fetch(`${service.url}/backup`);
  assert.equal((await service.request('POST', '/restaurants', { name: 'Meanwhile' })).status, 201);
  const answers = await Promise.all([first, second]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 503],
  );
  const made = answers.find(({ status }) => status === 200);
  const rejected = answers.find(({ status }) => status === 503);
  assert.equal(rejected?.headers.get('retry-after'), '10');
  assert.equal((await service.get('/backup')).status, 503, 'the first is made, and not yet downloaded');
  await made?.body?.cancel();
  await until('the next one is made', async () => {
    const { status, body } = await fetch(`${service.url}/backup`);
    await body?.cancel();
    return status === 200;
  });
});

test('with PostgreSQL there is no file to download: 404 names the tool', { skip: noPostgres }, async (t) => {
  const database = await createPostgresDatabase();
  t.after(() => database.drop());
  const service = await startService(t, { DATABASE_URL: database.url, MODEL_DIR: 'models/none' });
  const { status, body } = await service.get('/backup');
  assert.deepEqual([status, body.code], [404, 'path-not-found']);
  assert.match(body.detail, /pg_dump/);
});
