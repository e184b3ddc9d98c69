/** The files that a database consists of: who may read them, and whose locks they carry. */
import assert from 'node:assert/strict';
import { mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStores } from '../src/storage/open-stores.ts';
import { backUp } from '../src/storage/sqlite/maintenance/backup.ts';
import { afterwards, temporaryFolder } from './support/service.ts';

const open = (databasePath: string) =>
  openStores({ databasePath, int8IndexMinRows: 1_000 }, { exclusiveModel: {} });

test('a second process that reaches the database by a symbolic link finds it in use', async (t) => {
  const folder = await temporaryFolder(t);
  const real = join(folder, 'real');
  await mkdir(real);
  await symlink(real, join(folder, 'linked-folder'));
  await symlink(join(real, 'test.db'), join(folder, 'linked.db')); // Of a file that does not exist yet.
  const paths = [join(real, 'test.db'), join(folder, 'linked-folder', 'test.db'), join(folder, 'linked.db')];
  for (const first of paths) {
    const stores = await open(first);
    afterwards(t, () => stores.close());
    for (const second of paths) await assert.rejects(open(second), { name: 'StorageError', code: 'busy' });
    await stores.close();
  }
});

test('a database, its log, its locks and its backups are readable by their owner alone', async (t) => {
  const folder = await temporaryFolder(t);
  const stores = await open(join(folder, 'test.db'));
  afterwards(t, () => stores.close());
  await stores.settings.save('a', 'b');
  await backUp(join(folder, 'test.db'), join(folder, 'copy.db'));
  const files = await readdir(folder);
  assert.ok(files.length >= 5, files.join());
  for (const file of files) {
    const { mode } = await stat(join(folder, file));
    assert.equal((mode & 0o777).toString(8), '600', file);
  }
});
