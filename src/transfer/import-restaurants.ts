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
  /** Lists the ids of the rows in the report. */
  readonly returnIds: boolean;
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
  /** With `returnIds`: each stored or existing row, in the order of the lines; in a dry run existing rows only. */
  readonly ids?: readonly ImportedId[];
}

export interface ImportedId {
  readonly line: number;
  readonly id: number;
}

export type ImportOutcome =
  { readonly outcome: 'created' | 'updated' | 'unchanged' | 'skipped'; readonly id: number } | ImportProblem;

/** The port through which a batch is stored. */
export interface ImportStore {
  /**
   * Stores the batch in one transaction. A record is the row with its `id`; else with its `externalId`; else the row
   * that equals it in every field; else a new one. Returns an outcome for every record, in order. The ids of rows that
   * a dry run would create are not those that a real run assigns.
   */
  importBatch(
    records: readonly ImportRecord[],
    options: Pick<ImportOptions, 'skipExisting' | 'dryRun'>,
  ): Promise<ImportOutcome[]>;
}

const MAX_ERRORS = 100;
/** 100,000 of them are 3 MB of JSON. */
const MAX_IDS = 100_000;

/**
 * Throws {@link ImportStoppedError}, which says what is stored, when the file cannot be read on or a batch cannot be
 * stored.
 */
export async function importRestaurants(
  store: ImportStore,
  lines: AsyncIterable<ImportLine>,
  { batchSize, unknownFields, returnIds, ...options }: ImportOptions,
  onProgress: (linesDone: number) => void = () => {},
): Promise<ImportReport> {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  const errors: ImportProblem[] = [];
  const ids: ImportedId[] = [];
  let batch: ImportRecord[] = [];
  let linesDone = 0;
  let lastStoredLine = 0;

  function noteProblem(problem: ImportProblem): void {
    linesDone += 1;
    counts.failed += 1;
    if (errors.length < MAX_ERRORS) errors.push(problem);
  }

  function note(result: ImportOutcome, line: number): void {
    if ('code' in result) return noteProblem(result);
    linesDone += 1;
    counts[result.outcome] += 1;
    const hasId = !options.dryRun || result.outcome !== 'created';
    if (returnIds && hasId && ids.length < MAX_IDS) ids.push({ line, id: result.id });
  }

  async function storeBatch(): Promise<void> {
    const records = batch;
    batch = [];
    if (records.length === 0) return;
    const outcomes = await store.importBatch(records, options);
    outcomes.forEach((outcome, index) => note(outcome, records[index]?.line ?? 0));
    lastStoredLine = records.at(-1)?.line ?? lastStoredLine;
    onProgress(linesDone);
  }

  async function readLines(): Promise<void> {
    for await (const line of lines) {
      const record = readImportLine(line, unknownFields);
      if ('code' in record) noteProblem(record);
      else batch.push(record);
      if (batch.length >= batchSize) await storeBatch();
    }
  }

  try {
    await readLines().catch(async (error: unknown) => {
      // The rows before the line that cannot be read are valid and stored.
      if (error instanceof ImportFormatError) await storeBatch();
      throw error;
    });
    await storeBatch();
  } catch (cause) {
    throw new ImportStoppedError(cause, { ...counts, lastStoredLine: options.dryRun ? 0 : lastStoredLine });
  }
  const listed = errors.toSorted((a, b) => a.line - b.line);
  return { ...counts, errors: listed, ...(returnIds && { ids }) };
}
