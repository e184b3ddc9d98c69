/** Translates SQLite's errors into `StorageError`s where a store's promises leave the engine. */
import { StorageError, type StorageErrorCode } from '../../../catalog/storage-error.ts';

/** Prefixes of SQLite's result codes (https://www.sqlite.org/rescode.html) and of Node's file system errors. */
const codes: readonly (readonly [RegExp, StorageErrorCode])[] = [
  [/^(SQLITE_FULL|ENOSPC)/, 'full'],
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  [/^SQLITE_READONLY|^(EACCES|EROFS|EPERM)/, 'read-only'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^SQLITE_(CANTOPEN|IOERR|INTERRUPT)|^(EIO|ENOENT)/, 'unavailable'],
];

const explanations: Record<StorageErrorCode, string> = {
  busy: 'another process holds the database; try again',
  full: 'the disk is full',
  'read-only': 'this user has no permission to write the database',
  corrupt: 'the database is damaged: restore a backup',
  unavailable: 'the database cannot be read',
};

export function storageErrorCode(error: unknown): StorageErrorCode | undefined {
  const { code, message } = error as { code?: unknown; message?: string };
  // better-sqlite3 throws a TypeError without a code.
  if (message === 'The database connection is not open') return 'unavailable';
  if (typeof code !== 'string') return undefined;
  return codes.find(([pattern]) => pattern.test(code))?.[1];
}

/** The `StorageError` for an error of SQLite or the file system; any other error as it is. */
export function toStorageError(error: unknown): unknown {
  const code = error instanceof StorageError ? undefined : storageErrorCode(error);
  if (code === undefined) return error;
  return new StorageError(code, `${explanations[code]} (${(error as Error).message})`, { cause: error });
}

type Method = (...given: never[]) => unknown;

/** The same store, whose promises and async iterables reject with `StorageError` in place of SQLite's errors. */
export function withStorageErrors<Store extends object>(store: Store): Store {
  const methods = Object.entries(store).map(([name, method]) => [name, translateErrors(method as Method)]);
  return Object.fromEntries(methods) as Store;
}

/** The same function; what it throws, or its promise or async iterable rejects with, is a `StorageError`. */
export function translateErrors<Own extends Method>(method: Own): Own {
  const translated: Method = (...given) => {
    try {
      const result = method(...given);
      if (result instanceof Promise) return result.catch(rethrow);
      return isAsyncIterable(result) ? iterate(result) : result;
    } catch (error) {
      return rethrow(error);
    }
  };
  return translated as Own;
}

function rethrow(error: unknown): never {
  throw toStorageError(error);
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function* iterate(values: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* values;
  } catch (error) {
    rethrow(error);
  }
}
