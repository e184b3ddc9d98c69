/** Opens the SQLite database as the service needs it. */
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { StorageError } from '../../../catalog/storage-error.ts';
import { distanceKm } from '../../../catalog/distance.ts';
import { contentHashOfColumns } from '../restaurants/content-hash.ts';
import { createPrivateFile, realDatabasePath } from './database-path.ts';
import { migrate } from './migrate.ts';
import { storageErrorCode } from './storage-errors.ts';

const pragmas = [
  'synchronous = NORMAL',
  'wal_autocheckpoint = 200',
  'cache_size = -4000',
  'mmap_size = 0',
  'journal_size_limit = 4194304',
  'foreign_keys = ON',
];

export interface OpenDatabaseOptions {
  readonly busyTimeoutMs?: number;
  /** Called with every SQL statement that is executed. */
  readonly onStatement?: (sql: unknown) => void;
}

/**
 * Creates folder and file when they are missing, and migrates. Throws a `StorageError` that says what to do.
 * `busyTimeoutMs` is how long a write may wait for another process; the thread waits with it.
 */
export function openDatabase(
  path: string,
  { busyTimeoutMs = 5_000, onStatement }: OpenDatabaseOptions = {},
): Database {
  let database: Database | undefined;
  try {
    const realPath = realDatabasePath(path);
    createPrivateFile(realPath);
    database = new SqliteDatabase(realPath, onStatement ? { verbose: onStatement } : {});
    loadSqliteVec(database);
    database.pragma(`busy_timeout = ${busyTimeoutMs}`);
    useWriteAheadLog(database, busyTimeoutMs);
    for (const pragma of pragmas) database.pragma(pragma);
    defineFunctions(database);
    migrate(database);
    // Statement journals in a file are not truncated within a transaction and take 40 % of an import.
    database.pragma('temp_store = MEMORY');
    return database;
  } catch (error) {
    database?.close();
    throw toOpenError(path, error);
  }
}

/** The SQL functions that queries and migrations call. */
export function defineFunctions(database: Database): void {
  const options = { deterministic: true };
  database.function('distance_km', options, distanceKm as (...values: unknown[]) => number);
  database.function('content_hash', { ...options, varargs: true }, contentHashOfColumns);
}

const RETRY_EVERY_MS = 10;

/** SQLite does not wait for other connections when it changes the journal mode, which two starts at once do. */
function useWriteAheadLog(database: Database, busyTimeoutMs: number): void {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (storageErrorCode(error) !== 'busy' || performance.now() > giveUpAt) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_EVERY_MS);
    }
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
