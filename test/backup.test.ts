/** Backup, restore, and being killed in the middle of either, of an import, of a backfill. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { runCommand, startCommand } from './support/command.ts';
import { importText, ndjson } from './support/import.ts';
import { startService, temporaryFolder, until } from './support/service.ts';

const rows = (count: number) =>
  ndjson(
    Array.from({ length: count }, (_, i) => ({
      externalId: `row-${i}`,
      name: `Casa ${i}`,
      description: `Prato número ${i} com arroz, feijão e couve.`,
    })),
  );

function countRows(path: string): number {
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    assert.equal(database.pragma('integrity_check', { simple: true }), 'ok');
    return database.prepare('SELECT count(*) FROM restaurants').pluck().get() as number;
  } finally {
    database.close();
  }
}

test('a backup taken while the service writes is sound and holds everything acknowledged before', async (t) => {
  const service = await startService(t);
  await importText(service, 'application/x-ndjson', rows(3_000));
  const done = new AbortController();
  const writing = (async () => {
    for (let i = 0; !done.signal.aborted; i += 1)
      await service.request('POST', '/restaurants', { name: `While ${i}` });
  })();
  const copy = join(service.folder, 'copy.db');
  const made = await runCommand(service.folder, ['backup', copy]);
  done.abort();
  await writing;
  assert.equal(made.code, 0, made.stderr);
  assert.ok(countRows(copy) >= 3_000);
  const again = await runCommand(service.folder, ['backup', copy]);
  assert.match(again.stderr, /exists already/);
});

test('a restore is refused while a service runs, checks the file, and keeps what was there', async (t) => {
  const service = await startService(t);
  await importText(service, 'application/x-ndjson', rows(50));
  const copy = join(service.folder, 'copy.db');
  await runCommand(service.folder, ['backup', copy]);
  await service.request('POST', '/restaurants', { name: 'Added later' });
  const refused = await runCommand(service.folder, ['restore', copy]);
  assert.match(refused.stderr, /stop it first\. Nothing was changed/);
  await service.stop();

  const noDatabase = join(service.folder, 'text.db');
  await writeFile(noDatabase, 'not a database, only text');
  assert.match((await runCommand(service.folder, ['restore', noDatabase])).stderr, /cannot be used/);
  assert.equal(countRows(join(service.folder, 'test.db')), 51);

  const restored = await runCommand(service.folder, ['restore', copy]);
  assert.equal(restored.code, 0, restored.stderr);
  assert.equal(countRows(join(service.folder, 'test.db')), 50);
  const kept = (await readdir(service.folder)).find((name) => name.includes('before-restore')) ?? '';
  assert.equal(countRows(join(service.folder, kept)), 51);
  const second = await startService(t, {}, { folder: service.folder });
  assert.equal((await second.get('/restaurants')).body.total, 50);
});

test('killed in the middle of an import, a second run completes it without duplicates', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(20_000));
  const child = startCommand(folder, ['import', file, '--batch-size', '100']);
  const path = join(folder, 'test.db');
  await until('the import is under way', async () => {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    return isThere && countCommitted(path) > 500;
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  const kept = countRows(path);
  assert.ok(kept >= 500 && kept < 20_000 && kept % 100 === 0, `${kept} rows, whole batches`);
  const second = await runCommand(folder, ['import', file]);
  const { created, unchanged } = JSON.parse(second.stdout) as Record<string, number>;
  assert.deepEqual([created, unchanged], [20_000 - kept, kept]);
});

test('killed in the middle of a backfill, the next run goes on where it was', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(200));
  await runCommand(folder, ['import', file]);
  const path = join(folder, 'test.db');
  const fast = { BACKFILL_CPU_PERCENT: '100' };
  const child = startCommand(folder, ['backfill'], fast);
  await until('some are embedded', () => countEmbedded(path) > 20);
  child.kill('SIGKILL');
  await once(child, 'close');
  const kept = countEmbedded(path);
  const second = await runCommand(folder, ['backfill'], fast);
  assert.equal((JSON.parse(second.stdout) as Record<string, number>)['done'], 200 - kept);
  assert.equal((await runCommand(folder, ['doctor'])).code, 0);
});

test('killed in the middle of a backup or a restore, nothing is lost and the next one completes', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(5_000));
  await runCommand(folder, ['import', file]);
  const path = join(folder, 'test.db');
  const copy = join(folder, 'copy.db');
  for (const delay of [0, 1, 2, 3]) {
    const child = startCommand(folder, ['backup', `${copy}.${delay}`]);
    await until('it has begun', () =>
      access(`${copy}.${delay}.partial`).then(
        () => true,
        () => child.exitCode !== null,
      ),
    );
    child.kill('SIGKILL');
    await once(child, 'close');
    await access(`${copy}.${delay}`).then(
      () => assert.equal(countRows(`${copy}.${delay}`), 5_000),
      () => {},
    );
  }
  assert.equal((await runCommand(folder, ['backup', copy])).code, 0);
  const child = startCommand(folder, ['restore', copy]);
  await until('it has begun', () =>
    access(`${path}.incoming.partial`).then(
      () => true,
      () => child.exitCode !== null,
    ),
  );
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(countRows(path), 5_000);
  assert.equal((await runCommand(folder, ['restore', copy])).code, 0);
  assert.equal(countRows(path), 5_000);
});

function countIn(path: string, table: string): number {
  try {
    const database = new SqliteDatabase(path, { readonly: true });
    try {
      return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    } finally {
      database.close();
    }
  } catch {
    return 0;
  }
}
const countCommitted = (path: string) => countIn(path, 'restaurants');
const countEmbedded = (path: string) => countIn(path, 'embeddings');
