/** Which files a restore accepts. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { backUp, restore } from '../src/storage/sqlite/maintenance/backup.ts';
import { repository, temporaryFolder } from './support/service.ts';

/** Each makes a file that is sound for SQLite and not a database of this service. */
const foreign: Readonly<Record<string, { readonly sql: string; readonly says: RegExp }>> = {
  'of another program': {
    sql: 'PRAGMA application_id = 7; PRAGMA user_version = 3; CREATE TABLE restaurants (id INTEGER PRIMARY KEY)',
    says: /is not a database of tastematch/,
  },
  'that is empty': { sql: 'CREATE TABLE t (x); DROP TABLE t', says: /is not a database of tastematch/ },
  'that only looks like an early one': {
    sql: 'PRAGMA user_version = 1; CREATE TABLE restaurants (id INTEGER PRIMARY KEY)',
    says: /its schema differs/,
  },
};

const altered: Readonly<Record<string, { readonly sql: string; readonly says: RegExp }>> = {
  'with a trigger of its own': {
    sql: 'CREATE TRIGGER t AFTER INSERT ON restaurants BEGIN DELETE FROM settings; END',
    says: /its schema differs \(t\)/,
  },
  'without an index': { sql: 'DROP INDEX restaurants_by_name', says: /differs \(restaurants_by_name\)/ },
  'with another column': { sql: 'ALTER TABLE settings ADD COLUMN x TEXT', says: /differs \(settings\)/ },
  'with another application id': {
    sql: 'PRAGMA application_id = 7',
    says: /is not a database of tastematch/,
  },
  'of a newer release': { sql: 'PRAGMA user_version = 999', says: /written by a newer release/ },
};

test('a valid SQLite file that is not a database of this service is rejected, with the reason', async (t) => {
  const folder = await temporaryFolder(t);
  const target = join(folder, 'test.db');
  openDatabase(target).close();
  for (const [index, [name, { sql, says }]] of Object.entries({ ...foreign, ...altered }).entries()) {
    const file = join(folder, `${index}.db`);
    if (name in altered) await backUp(target, file);
    const database = new SqliteDatabase(file);
    database.exec(sql);
    database.close();
    await assert.rejects(restore(file, target, new Date()), (error: Error) => {
      assert.match(error.message, says, name);
      return error.name === 'StorageError';
    });
  }
});

test('a backup of this release and one of an earlier release are accepted, also after VACUUM and ANALYZE', async (t) => {
  const folder = await temporaryFolder(t);
  const target = join(folder, 'test.db');
  const earlier = join(folder, 'earlier.db');
  openDatabase(target).close();
  const copy = join(folder, 'copy.db');
  await backUp(target, copy);
  const database = new SqliteDatabase(copy);
  database.exec('ANALYZE; VACUUM; CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)');
  database.close();
  await copyFile(join(repository, 'test/fixtures/schema-3.sqlite'), earlier);
  await restore(earlier, target, new Date(1));
  await restore(copy, target, new Date(2));
});
