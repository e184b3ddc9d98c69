/** The failures of a command, and how they are printed. */

/** An expected failure of a command, printed as one line without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly expected = true;
}

const fileErrors: readonly (readonly [RegExp, string])[] = [
  [/^ENOSPC/, 'the disk is full'],
  [/^(EACCES|EROFS|EPERM)/, 'this user has no permission for that'],
  [/^EIO/, 'the disk cannot be read or written'],
];

/** One line for expected failures, the stack for all others. */
export function describeError(error: Error): string {
  const { code = '', name, message, stack } = error as NodeJS.ErrnoException;
  if ('expected' in error || name === 'ConfigError' || name === 'EmbeddingError') return message;
  const known = fileErrors.find(([pattern]) => pattern.test(code));
  return known ? `${known[1]} (${message})` : (stack ?? message);
}
