/** Who may use a database file together: locks that the kernel gives back when their holder dies, however it dies. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { toOpenError } from './open-database.ts';

/** Another process holds the lock. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
  readonly expected = true;
}

/** A restore that is refused holds the file for a moment; nobody who comes then should be refused for it. */
const SHARE_TIMEOUT_MS = 1_000;

/**
 * Makes this process the one that has the model: a service, or a backfill. Others may read and write beside it.
 * Throws {@link DatabaseInUseError} with the rejection. Call what it gives to unlock.
 */
export function lockDatabase(
  path: string,
  rejection = `The database ${path} is in use by another tastematch process.`,
): () => void {
  return hold(path, `${path}.lock`, 'BEGIN EXCLUSIVE', 0, rejection);
}

/** For everyone who has the database open, so that it is not exchanged under them. Throws as {@link lockDatabase}. */
export function shareDatabase(path: string): () => void {
  const rejection = `The database ${path} is being restored: try again when that is done.`;
  return hold(
    path,
    `${path}.users.lock`,
    'BEGIN; SELECT count(*) FROM sqlite_schema',
    SHARE_TIMEOUT_MS,
    rejection,
  );
}

/** For exchanging the file: nobody else has the database open. Throws as {@link lockDatabase}. */
export function ownDatabase(path: string, rejection: string): () => void {
  return hold(path, `${path}.users.lock`, 'BEGIN EXCLUSIVE', 0, rejection);
}

/** The lock is an SQLite file of its own, so that other tools can still read the database. */
function hold(path: string, lockPath: string, sql: string, timeoutMs: number, rejection: string): () => void {
  if (path === ':memory:') return () => {};
  let lock: SqliteDatabase.Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    lock = new SqliteDatabase(lockPath, { timeout: timeoutMs });
    lock.exec(sql);
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new DatabaseInUseError(rejection);
    throw toOpenError(path, error);
  }
  return () => lock.close();
}
