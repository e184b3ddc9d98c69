/** One service on a database file: a lock that the kernel gives back when its holder dies, however it dies. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';

/** Another process holds the lock. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
  readonly expected = true;
}

/**
 * Locks `<path>.lock`, an SQLite file of its own, so that other tools can still read the database.
 * Throws {@link DatabaseInUseError} with the refusal. Call what it gives to unlock.
 */
export function lockDatabase(
  path: string,
  refusal = `The database ${path} is in use by another tastematch process.`,
): () => void {
  if (path === ':memory:') return () => {};
  mkdirSync(dirname(path), { recursive: true });
  const lock = new SqliteDatabase(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new DatabaseInUseError(refusal);
  }
  return () => lock.close();
}
