/** Backup and restore of the database file; every copy is checked. */
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { StorageError } from '../../../catalog/storage-error.ts';
import { checkSchema } from './check-schema.ts';
import { ownDatabase } from '../connection/locks.ts';
import { createPrivateFile, realDatabasePath } from '../connection/database-path.ts';
import { storageErrorCode, translateErrors } from '../connection/storage-errors.ts';

const PAGES_A_STEP = 256;
/** What SQLite keeps beside a database file. */
const companions = ['-wal', '-shm', '-journal'];

/**
 * Copies a database that may be in use with SQLite's backup API, as of one moment. The copy is checked, and gets its
 * name only when it is complete.
 */
export const backUp = translateErrors(copyDatabase);

type OnProgress = (pagesDone: number, pagesTotal: number) => void;

async function copyDatabase(
  source: string,
  target: string,
  onProgress: OnProgress = () => {},
): Promise<void> {
  const partial = `${target}.partial`;
  removeDatabase(partial);
  createPrivateFile(partial);
  const database = openExisting(source);
  try {
    // Without an open read transaction, every write of another connection would restart the copy.
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    await database.backup(partial, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_A_STEP;
      },
    });
  } finally {
    database.close();
  }
  // A copy in WAL mode could be opened only with two more files next to it.
  const copy = new SqliteDatabase(partial);
  copy.pragma('journal_mode = DELETE');
  copy.close();
  checkDatabase(partial);
  renameSync(partial, target);
}

/**
 * Puts a checked copy of `source` in the place of `target` and returns the name under which the old file is kept.
 * Rejects with a `StorageError`, of code `busy` while another process has `target` open.
 */
export const restore = translateErrors(
  async (source: string, target: string, now: Date, onProgress?: OnProgress): Promise<string | undefined> => {
    const release = ownDatabase(target);
    try {
      return await exchange(source, realDatabasePath(target), now, onProgress);
    } finally {
      release();
    }
  },
);

async function exchange(
  source: string,
  target: string,
  now: Date,
  onProgress: OnProgress | undefined,
): Promise<string | undefined> {
  checkDatabase(source);
  const incoming = `${target}.incoming`;
  await backUp(source, incoming, onProgress);
  const kept = `${target}.before-restore-${now.toISOString().replaceAll(':', '-')}`;
  const isReplaced = existsSync(target);
  if (isReplaced) {
    emptyWal(target);
    linkSync(target, kept);
  }
  // SQLite would replay a log next to the new file into it, even the log of another database.
  for (const suffix of companions) {
    if (existsSync(target + suffix)) renameSync(target + suffix, kept + suffix);
  }
  renameSync(incoming, target);
  checkDatabase(target);
  return isReplaced ? kept : undefined;
}

/** Throws a `StorageError` when the file is not a sound database of this service. */
export function checkDatabase(path: string): void {
  const database = openExisting(path);
  try {
    const problems = database.pragma('integrity_check(5)') as { integrity_check: string }[];
    if (problems[0]?.integrity_check !== 'ok') {
      throw new Error(problems.map(({ integrity_check: problem }) => problem).join('; '));
    }
    checkSchema(database);
  } catch (error) {
    throw new StorageError('corrupt', `${path} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    database.close();
  }
}

function openExisting(path: string): Database {
  try {
    return new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw new StorageError('unavailable', `${path} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The log of a damaged file is kept next to it instead. */
function emptyWal(path: string): void {
  try {
    const database = new SqliteDatabase(path, { fileMustExist: true });
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
  } catch (error) {
    if (storageErrorCode(error) === undefined) throw error;
  }
}

function removeDatabase(path: string): void {
  for (const suffix of ['', ...companions]) rmSync(path + suffix, { force: true });
}
