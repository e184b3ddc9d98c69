/** What a command says when it fails. */

/** A command that cannot do what it was asked to: told in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly expected = true;
}

const storageErrors: readonly (readonly [RegExp, string])[] = [
  [/^(SQLITE_FULL|ENOSPC)/, 'the disk is full'],
  [/^SQLITE_(BUSY|LOCKED)/, 'another process holds the database; try again'],
  [/^SQLITE_(READONLY|CANTOPEN)|^(EACCES|EROFS|EPERM)/, 'this user has no permission for that'],
  [/^SQLITE_IOERR|^EIO/, 'the disk cannot be read or written'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'the database is damaged: restore a backup'],
];

/** One line for what a person can do something about; the stack for what is a fault of ours. */
export function describeError(error: Error): string {
  const { code = '', name, message, stack } = error as NodeJS.ErrnoException;
  if ('expected' in error || name === 'ConfigError' || name === 'EmbeddingError') return message;
  const known = storageErrors.find(([pattern]) => pattern.test(code));
  return known ? `${known[1]} (${message})` : (stack ?? message);
}
