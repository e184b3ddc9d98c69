/** Importing a catalogue: in batches, good lines stored, bad ones listed; running it again changes nothing more. */
import { readImportLine, type ImportLine, type ImportProblem, type ImportRecord } from './import-record.ts';

export interface ImportOptions {
  /** Leaves rows that exist as they are. */
  readonly skipExisting: boolean;
  /** Says what would happen and stores nothing. */
  readonly dryRun: boolean;
  /** Rows a transaction, 1–1,000. */
  readonly batchSize: number;
}

export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Existing rows that were left alone because of `skipExisting`. */
  readonly skipped: number;
  readonly failed: number;
  /** The first 100. */
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

export async function importRestaurants(
  store: ImportStore,
  lines: AsyncIterable<ImportLine>,
  { batchSize, ...options }: ImportOptions,
  onProgress: (linesDone: number) => void = () => {},
): Promise<ImportReport> {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  const errors: ImportProblem[] = [];
  let batch: ImportRecord[] = [];
  let linesDone = 0;

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
    (await store.importBatch(records, options)).forEach(note);
    onProgress(linesDone);
  }

  for await (const line of lines) {
    const record = readImportLine(line);
    if ('code' in record) note(record);
    else batch.push(record);
    if (batch.length >= batchSize) await storeBatch();
  }
  if (batch.length > 0) await storeBatch();
  return { ...counts, errors: errors.toSorted((a, b) => a.line - b.line) };
}
