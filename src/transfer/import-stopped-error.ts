/** An import stopped before its end. */
import { ImportFormatError } from './formats/import-format-error.ts';

export interface StoredSoFar {
  readonly created: number;
  readonly updated: number;
  /** Every valid line up to this one is stored; 0 when nothing is. */
  readonly lastStoredLine: number;
}

/** `cause` is what stopped it: an `ImportFormatError`, a `StorageError`, or a failure of the source. */
export class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError';
  /** Which rows are stored, in one or two sentences. */
  readonly stored: string;
  /** Printed without a stack trace if the file is the cause. */
  readonly expected: boolean;

  constructor(cause: unknown, soFar: StoredSoFar) {
    const stored = describe(soFar);
    super(`${cause instanceof Error ? cause.message : String(cause)} ${stored}`, { cause });
    this.stored = stored;
    this.expected = cause instanceof ImportFormatError;
  }
}

function describe({ created, updated, lastStoredLine }: StoredSoFar): string {
  if (lastStoredLine === 0) return 'Nothing was stored.';
  return (
    `Every valid row up to line ${lastStoredLine} is stored (${created} created, ${updated} updated). ` +
    'The file can be imported again: stored rows are recognised by id, externalId or content.'
  );
}
