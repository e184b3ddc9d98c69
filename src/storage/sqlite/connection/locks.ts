/** Which processes may use a database file together: locks that the kernel releases when their holder dies. */
import SqliteDatabase from 'better-sqlite3';
import { StorageError } from '../../../catalog/storage-error.ts';
import { createPrivateFile, realDatabasePath } from './database-path.ts';
import { toOpenError } from './open-database.ts';

/** A restore that fails holds the lock briefly; a process that opens the database meanwhile waits this long. */
const SHARE_TIMEOUT_MS = 1_000;

/**
 * Makes this process the one that runs the model: a service or a backfill. Others may read and write meanwhile.
 * Throws a `StorageError` of code `busy` with the rejection as its message. Returns a function that unlocks.
 */
export function lockDatabase(
  path: string,
  rejection = `The database ${path} is in use by another tastematch process.`,
): () => void {
  return hold(path, '.lock', 'BEGIN EXCLUSIVE', 0, rejection);
}

/** Held by every process that has the database open, so that it is not replaced meanwhile. Throws like {@link lockDatabase}. */
export function shareDatabase(path: string): () => void {
  const rejection = `The database ${path} is being restored: try again when that is done.`;
  return hold(path, '.users.lock', 'BEGIN; SELECT count(*) FROM sqlite_schema', SHARE_TIMEOUT_MS, rejection);
}

/** Held to replace the file: no other process has the database open. Throws like {@link lockDatabase}. */
export function ownDatabase(path: string): () => void {
  const unlock = lockDatabase(
    path,
    'A service is running on this database: stop it first. Nothing was changed.',
  );
  try {
    const rejection =
      'A command (an import, an export) is using this database: wait until it is done. Nothing was changed.';
    const release = hold(path, '.users.lock', 'BEGIN EXCLUSIVE', 0, rejection);
    return () => {
      release();
      unlock();
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * The lock is an SQLite file of its own, so that other tools can still read the database. It lies beside the real file,
 * whatever path leads to it.
 */
function hold(path: string, suffix: string, sql: string, timeoutMs: number, rejection: string): () => void {
  if (path === ':memory:') return () => {};
  let lock: SqliteDatabase.Database | undefined;
  try {
    const lockPath = realDatabasePath(path) + suffix;
    createPrivateFile(lockPath);
    lock = new SqliteDatabase(lockPath, { timeout: timeoutMs });
    lock.exec(sql);
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new StorageError('busy', rejection);
    throw toOpenError(path, error);
  }
  return () => lock.close();
}
