/** A command that cannot do what it was asked to: told in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly expected = true;
}
