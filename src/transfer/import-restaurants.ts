/** Imports a catalogue in batches: valid lines are stored, others are listed, and running it again changes nothing. */
import { ImportFormatError } from './formats/import-format-error.ts';
import type { UnknownFields } from './formats/import-source.ts';
import { readImportLine, type ImportLine, type ImportProblem, type ImportRecord } from './import-record.ts';
import { ImportStoppedError } from './import-stopped-error.ts';

export interface ImportOptions {
  /** Leaves existing rows unchanged. */
  readonly skipExisting: boolean;
  /** Reports what would happen and stores nothing. */
  readonly dryRun: boolean;
  /** Rows in one transaction, 1–1,000. */
  readonly batchSize: number;
  readonly unknownFields: UnknownFields;
}

export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Existing rows that were left unchanged because of `skipExisting`. */
  readonly skipped: number;
  readonly failed: number;
  /** The first 100, by line. */
  readonly errors: readonly ImportProblem[];
}

export type ImportOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | ImportProblem;

/** The port through which a batch is stored. */
export interface ImportStore {
  /**
   * Stores the batch in one transaction. A record is the row with its `id`; else with its `externalId`; else the row
   * that equals it in every field; else a new one. Gives an outcome for every record, in order.
   */
  importBatch(
    records: readonly ImportRecord[],
    options: Pick<ImportOptions, 'skipExisting' | 'dryRun'>,
  ): Promise<ImportOutcome[]>;
}

const MAX_ERRORS = 100;

/**
 * Throws {@link ImportStoppedError}, which says what is stored, when the file cannot be read on or a batch cannot be
 * stored.
 */
export async function importRestaurants(
  store: ImportStore,
  lines: AsyncIterable<ImportLine>,
  { batchSize, unknownFields, ...options }: ImportOptions,
  onProgress: (linesDone: number) => void = () => {},
): Promise<ImportReport> {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  const errors: ImportProblem[] = [];
  let batch: ImportRecord[] = [];
  let linesDone = 0;
  let lastStoredLine = 0;

  function note(outcome: ImportOutcome): void {
    linesDone += 1;
    if (typeof outcome === 'string') counts[outcome] += 1;
    else {
      counts.failed += 1;
      if (errors.length < MAX_ERRORS) errors.push(outcome);
    }
  }

  async function storeBatch(): Promise<void> {
    const records = batch;
    batch = [];
    if (records.length === 0) return;
    (await store.importBatch(records, options)).forEach(note);
    lastStoredLine = records.at(-1)?.line ?? lastStoredLine;
    onProgress(linesDone);
  }

  async function readLines(): Promise<void> {
    for await (const line of lines) {
      const record = readImportLine(line, unknownFields);
      if ('code' in record) note(record);
      else batch.push(record);
      if (batch.length >= batchSize) await storeBatch();
    }
  }

  try {
    await readLines().catch(async (error: unknown) => {
      // What was read before the line that cannot be read is as good as any other row.
      if (error instanceof ImportFormatError) await storeBatch();
      throw error;
    });
    await storeBatch();
  } catch (cause) {
    throw new ImportStoppedError(cause, { ...counts, lastStoredLine: options.dryRun ? 0 : lastStoredLine });
  }
  return { ...counts, errors: errors.toSorted((a, b) => a.line - b.line) };
}
