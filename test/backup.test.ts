/** Backup and restore. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand, startCommand } from './support/command.ts';
import { countCommitted, countRows, rows } from './support/database-file.ts';
import { importText } from './support/import.ts';
import { startService, temporaryFolder, until } from './support/service.ts';

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

test('a restore beside the log of a database that was moved away gives the backup, and nothing else', async (t) => {
  const service = await startService(t);
  await importText(service, 'application/x-ndjson', rows(50));
  const copy = join(service.folder, 'copy.db');
  await runCommand(service.folder, ['backup', copy]);
  await importText(service, 'application/x-ndjson', rows(2_000));
  service.process.kill('SIGKILL');
  await until('it is gone', () => service.process.signalCode !== null);
  const path = join(service.folder, 'test.db');
  await access(`${path}-wal`);
  await rename(path, join(service.folder, 'bad.db'));

  const restored = await runCommand(service.folder, ['restore', copy]);
  assert.equal(restored.code, 0, restored.stderr);
  assert.equal(countRows(path), 50);
  const again = await startService(t, {}, { folder: service.folder });
  assert.equal((await again.get('/restaurants')).body.total, 50);
});

test('a restore during an import fails at once, and the import loses nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'test.db');
  const copy = join(folder, 'copy.db');
  await writeFile(join(folder, 'rows.ndjson'), rows(50));
  await runCommand(folder, ['import', join(folder, 'rows.ndjson')]);
  await runCommand(folder, ['backup', copy]);
  const child = startCommand(folder, ['import', '-', '--batch-size', '1'], {}, 'pipe');
  child.stdin?.write(`${JSON.stringify({ externalId: 'first', name: 'First' })}\n`);
  await until('the import is under way', () => countCommitted(path) === 51);
  const refused = await runCommand(folder, ['restore', copy]);
  assert.deepEqual(
    [refused.code, /using this database.*Nothing was changed/.test(refused.stderr)],
    [1, true],
  );
  child.stdin?.end(`${JSON.stringify({ externalId: 'second', name: 'Second' })}\n`);
  await once(child, 'close');
  assert.equal(countRows(path), 52);
  assert.equal((await runCommand(folder, ['restore', copy])).code, 0);
  assert.equal(countRows(path), 50);
});
