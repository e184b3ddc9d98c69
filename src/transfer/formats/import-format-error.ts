/** The file cannot be read, or cannot be read beyond a line. */
export class ImportFormatError extends Error {
  override readonly name: string = 'ImportFormatError';
  /** Printed without a stack trace. */
  readonly expected = true;
}

/** A line is not valid in its encoding; all lines before it were yielded. */
export class InvalidTextError extends ImportFormatError {
  override readonly name = 'InvalidTextError';
}

/** Longer lines are rejected, which bounds the memory of an import. */
export const MAX_LINE_CHARACTERS = 65_536;
