/** Opens the SQLite database as the service needs it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { StorageError } from '../../../catalog/storage-error.ts';
import { distanceKm } from '../restaurants/distance.ts';
import { migrate } from './migrate.ts';
import { storageErrorCode } from './storage-errors.ts';

const pragmas = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'wal_autocheckpoint = 200',
  'cache_size = -4000',
  'mmap_size = 0',
  'journal_size_limit = 4194304',
  'foreign_keys = ON',
];

/**
 * Creates folder and file when they are missing, and migrates. Throws a `StorageError` that says what to do.
 * `busyTimeoutMs` is how long a write may wait for another process; the thread waits with it.
 */
export function openDatabase(path: string, { busyTimeoutMs = 5_000 } = {}): Database {
  let database: Database | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    database = new SqliteDatabase(path);
    loadSqliteVec(database);
    database.pragma(`busy_timeout = ${busyTimeoutMs}`);
    for (const pragma of pragmas) database.pragma(pragma);
    database.function('distance_km', { deterministic: true }, distanceKm as (...values: unknown[]) => number);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw toOpenError(path, error);
  }
}

export function toOpenError(path: string, error: unknown): StorageError {
  const code = storageErrorCode(error) ?? 'unavailable';
  return new StorageError(code, `The database ${path} cannot be opened: ${explain(error)}`, { cause: error });
}

/** Reads from the disk, over a connection of its own. Throws SQLite's error. */
export function checkReadable(path: string): void {
  if (path === ':memory:') return;
  const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    database.prepare('SELECT id FROM restaurants LIMIT 1').get();
  } finally {
    database.close();
  }
}

function explain(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return 'it is damaged, or not an SQLite file; restore a backup or name another file in DATABASE_PATH';
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY') {
    return `this user cannot write it, or its folder (${code}); give both, and all files beside it, to this user`;
  }
  return message;
}
