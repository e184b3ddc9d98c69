/** PostgreSQL's errors in the terms of the domain. */
import { StorageError, type StorageErrorCode } from '../../../catalog/storage-error.ts';

/** SQLSTATE codes, or their first two characters (PostgreSQL documentation, Appendix A). */
const codes: Readonly<Record<string, StorageErrorCode>> = {
  '08': 'unavailable', // connection exceptions
  '28': 'unavailable', // invalid authorization
  '3D000': 'unavailable', // no such database
  '40001': 'busy', // serialization failure
  '40P01': 'busy', // deadlock detected
  '53100': 'full', // disk full
  '53200': 'busy', // out of memory
  '53300': 'busy', // too many connections
  '55P03': 'busy', // lock not available
  '57014': 'busy', // cancelled by the statement timeout
  '57P01': 'unavailable', // shut down by an administrator
  '57P02': 'unavailable', // shut down by a crash
  '57P03': 'unavailable', // starting up or shutting down
  '57P05': 'unavailable', // idle session timeout
  '25006': 'read-only', // a standby, or default_transaction_read_only
  '42501': 'read-only', // insufficient privilege
  '58': 'unavailable', // system errors, I/O errors among them
  XX001: 'corrupt', // data corrupted
  XX002: 'corrupt', // index corrupted
};

const explanations: Readonly<Record<StorageErrorCode, string>> = {
  busy: 'the database is overloaded, or a query took longer than its timeout',
  full: 'the disk of the database is full',
  'read-only':
    'the database cannot be written over this connection: name the primary in DATABASE_URL, and a user who may write',
  corrupt: 'the database is damaged: restore a backup',
  unavailable: 'the database cannot be reached',
};

/** Node's and node-postgres' errors of a connection carry no SQLSTATE. */
const CONNECTION_LOST =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)|Connection terminated|Connection ended|not queryable|SSL connection|has been closed/;
const POOL_EXHAUSTED = /timeout exceeded when trying to connect|Cannot use a pool after/;

export function codeOf(error: unknown): StorageErrorCode | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (POOL_EXHAUSTED.test(message)) return message.startsWith('Cannot') ? 'unavailable' : 'busy';
  return (
    codes[code] ??
    codes[code.slice(0, 2)] ??
    (CONNECTION_LOST.test(code || message) ? 'unavailable' : undefined)
  );
}

/** A `StorageError` where the database failed; every other error is returned as it is. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const own = (error as Error).message || (error as { code?: string }).code || 'no further detail';
  return new StorageError(code, `${explanations[code]} (${own})`, { cause: error });
}

/** True for the violation of a unique constraint; `constraint` limits it to the one of this name. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const { code, constraint: violated } = error as { code?: string; constraint?: string };
  return code === '23505' && (constraint === undefined || violated === constraint);
}

/** True when the transaction can succeed if it is run again. */
export function isSerializationFailure(error: unknown): boolean {
  const code = (error as { code?: string } | undefined)?.code;
  return code === '40001' || code === '40P01';
}
