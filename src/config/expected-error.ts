/** What a command says when it fails. */

/** A command that cannot do what it was asked to: told in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly expected = true;
}

const fileErrors: readonly (readonly [RegExp, string])[] = [
  [/^ENOSPC/, 'the disk is full'],
  [/^(EACCES|EROFS|EPERM)/, 'this user has no permission for that'],
  [/^EIO/, 'the disk cannot be read or written'],
];

/** One line for what a person can do something about; the stack for what is a fault of ours. */
export function describeError(error: Error): string {
  const { code = '', name, message, stack } = error as NodeJS.ErrnoException;
  if ('expected' in error || name === 'ConfigError' || name === 'EmbeddingError') return message;
  const known = fileErrors.find(([pattern]) => pattern.test(code));
  return known ? `${known[1]} (${message})` : (stack ?? message);
}
