/** Faults of the disk, made for real: full, locked, damaged. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { runCommand } from './support/command.ts';
import { afterwards, startService, until } from './support/service.ts';

/** A small disk; undefined where none can be mounted. */
async function smallDisk(t: TestContext): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rmdir(folder);
    return undefined;
  }
  afterwards(t, async () => {
    execFileSync('umount', ['-l', folder]);
    await rmdir(folder);
  });
  return folder;
}

test('on a full disk reads go on, writes say so, and everything works again when there is room', async (t) => {
  const folder = await smallDisk(t);
  if (!folder) return t.skip('no file system can be mounted here');
  const service = await startService(t, { EMBED_WAIT_MS: '20000' }, { folder });
  for (const name of ['A', 'B', 'C']) await service.request('POST', '/restaurants', { name });
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
  const { bavail, bsize } = await statfs(folder);
  await writeFile(join(folder, 'filler'), Buffer.alloc(bavail * bsize));

  const refused = await until('the disk is full', async () => {
    const answer = await service.request('POST', '/restaurants', {
      name: 'x',
      description: 'y'.repeat(4_000),
    });
    return answer.status !== 201 && answer;
  });
  assert.deepEqual([refused.status, refused.body.code], [507, 'storage-full']);
  assert.ok(!/SQLITE|test\.db|at /.test(JSON.stringify(refused.body)), JSON.stringify(refused.body));
  const { total } = (await service.get('/restaurants')).body;
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
  const cold = await service.get('/restaurants/2');
  assert.deepEqual(
    [cold.status, cold.body.embedding.status, cold.body.embedding.reason],
    [200, 'pending', 'not-stored'],
  );
  assert.equal((await service.get('/search?q=A&mode=keyword')).status, 200);

  await rm(join(folder, 'filler'));
  assert.equal((await service.request('POST', '/restaurants', { name: 'D' })).status, 201);
  await until(
    'what was not stored is embedded by itself',
    async () => (await service.get('/embeddings')).body.ready >= 2,
  );
  assert.equal((await service.get('/restaurants')).body.total, total + 1);
  assert.equal(await service.stop(), 0);
  assert.equal(
    (await runCommand(folder, ['doctor', '--json'])).stdout.includes('"check":"database","ok":true'),
    true,
  );
});

test('a backfill whose vectors cannot be stored says so and gives up; on a full disk it shows no stack', async (t) => {
  const folder = await smallDisk(t);
  if (!folder) return t.skip('no file system can be mounted here');
  await writeFile(join(folder, 'rows.ndjson'), '{"name":"A"}\n{"name":"B"}\n');
  await runCommand(folder, ['import', join(folder, 'rows.ndjson')]);
  const database = new SqliteDatabase(join(folder, 'test.db'));
  database.exec(`CREATE TRIGGER full BEFORE INSERT ON embeddings BEGIN SELECT RAISE(FAIL, 'disk full'); END`);
  database.close();
  const given = await runCommand(folder, ['backfill']);
  assert.equal(given.code, 1);
  assert.match(given.stderr, /waiting \(not-stored\)/);
  assert.match(given.stderr, /stopped \(not-stored\)\. What is embedded is kept/);

  await writeFile(join(folder, 'filler'), Buffer.alloc(1));
  const { bavail, bsize } = await statfs(folder);
  await writeFile(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
  const full = await runCommand(folder, ['backfill']);
  assert.equal(full.code, 1);
  assert.ok(!/\n +at /.test(full.stderr), full.stderr);
});

test('while another process holds the database, reads go on and writes are refused, to be tried again', async (t) => {
  const service = await startService(t);
  await service.request('POST', '/restaurants', { name: 'A' });
  const other = new SqliteDatabase(join(service.folder, 'test.db'));
  other.exec('BEGIN IMMEDIATE');
  const refused = await service.request('POST', '/restaurants', { name: 'B' });
  assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable']);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.equal((await service.get('/restaurants?limit=5')).body.total, 1);
  other.exec('ROLLBACK');
  other.close();
  assert.equal((await service.request('POST', '/restaurants', { name: 'B' })).status, 201);
});

test('a write-ahead log with a damaged end costs nothing that was acknowledged', async (t) => {
  const service = await startService(t);
  for (let i = 0; i < 30; i += 1) await service.request('POST', '/restaurants', { name: `R${i}` });
  service.process.kill('SIGKILL');
  await until('it is gone', () => service.process.signalCode !== null);
  const log = await open(join(service.folder, 'test.db-wal'), 'a');
  await log.write(Buffer.alloc(9_000, 0x5a));
  await log.close();
  const again = await startService(t, {}, { folder: service.folder });
  assert.equal((await again.get('/restaurants')).body.total, 30);
  assert.equal(
    (await runCommand(service.folder, ['doctor', '--json'])).stdout.includes('"check":"database","ok":true'),
    true,
  );
});

test('a database damaged under a running service is reported as damaged, and never ends the service', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
  assert.equal(await service.stop(), 0);
  const again = await startService(t, {}, { folder: service.folder });
  const file = await open(join(service.folder, 'test.db'), 'r+');
  for (let page = 4_096; page < 300_000; page += 4_096)
    await file.write(Buffer.alloc(4_096, 0xff), 0, 4_096, page);
  await file.close();
  const statuses = new Set<number>();
  for (let id = 1; id <= 60; id += 1) {
    const answer = await again.get(`/restaurants/${id}`, { Prefer: 'respond-async' });
    statuses.add(answer.status);
    if (answer.status !== 200) assert.ok(!/SQLITE|malformed|test\.db/.test(JSON.stringify(answer.body)));
  }
  statuses.add((await again.request('POST', '/restaurants', { name: 'A' })).status);
  assert.ok(
    [...statuses].every((status) => [200, 404, 201, 503].includes(status)),
    [...statuses].join(),
  );
  assert.ok(statuses.has(503));
  assert.equal((await again.get('/healthz')).status, 200);
});
