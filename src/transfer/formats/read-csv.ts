/** CSV and TSV. The first line names the fields; an empty cell is null. */
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { ImportLine } from '../import-record.ts';
import { readHeader } from './csv-header.ts';
import { ImportFormatError, InvalidTextError, MAX_LINE_CHARACTERS } from './import-format-error.ts';
import type { UnknownFields } from './import-source.ts';

export interface CsvOptions {
  /** Detected in the first line when left out: a tab, else a comma, else a semicolon. */
  readonly delimiter?: '\t' | undefined;
  readonly unknownFields: UnknownFields;
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}
type RejectedLine = ImportLine & { readonly problem: string };

/** Throws {@link ImportFormatError} for a header that cannot be used, and where no end of a line can be found. */
export async function* readCsv(
  text: AsyncIterable<string>,
  { delimiter, unknownFields }: CsvOptions,
): AsyncGenerator<ImportLine> {
  let isHeaderRead = false;
  const { whole, firstLine } = await readFirstLine(text);
  const parser = parse({
    delimiter: delimiter ?? detectDelimiter(firstLine),
    info: true,
    columns(header: readonly string[]) {
      isHeaderRead = true;
      return readHeader(header, unknownFields);
    },
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_LINE_CHARACTERS,
    on_skip(error) {
      const line = Number(error?.['lines'] ?? 0);
      const problem = error?.message ?? 'cannot be read';
      // Otherwise the line after an unreadable header would be read as the header.
      if (!isHeaderRead) parser.destroy(unreadableHeader(problem));
      else if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(endlessLine(line));
      // In order with the records.
      else parser.push({ line, problem });
      return undefined;
    },
  });
  // Destroying the parser would drop the records that it holds, so it is ended and the error thrown after them.
  let invalidText: InvalidTextError | undefined;
  async function* validText() {
    try {
      yield* whole;
    } catch (error) {
      if (!(error instanceof InvalidTextError)) throw error;
      invalidText = error;
    }
  }
  // The callback also receives what the loop below throws. The source is destroyed when the loop ends early.
  pipeline(Readable.from(validText()), parser, () => {});
  for await (const read of parser as AsyncIterable<CsvRecord | RejectedLine>) {
    if ('problem' in read) yield read;
    else {
      const values = Object.entries(read.record).map(([name, cell]) => [name, cellValue(name, cell)]);
      yield { line: read.info.lines, values: Object.fromEntries(values) as Record<string, unknown> };
    }
  }
  if (invalidText) throw invalidText;
}

const unreadableHeader = (problem: string) =>
  new ImportFormatError(`The first line cannot be read: ${problem}.`);

/** The parser cannot find the end of such a line, as a quote in it is not closed. */
const endlessLine = (line: number) =>
  new ImportFormatError(
    `Line ${line} is longer than ${MAX_LINE_CHARACTERS} characters, or a quote in it is never closed. ` +
      'It and what follows were not read.',
  );

function detectDelimiter(firstLine: string): string {
  return ['\t', ',', ';'].find((delimiter) => firstLine.includes(delimiter)) ?? ',';
}

async function readFirstLine(text: AsyncIterable<string>) {
  const pieces = text[Symbol.asyncIterator]();
  let start = '';
  while (!start.includes('\n') && start.length <= MAX_LINE_CHARACTERS) {
    const next = await pieces.next();
    if (next.done) break;
    start += next.value;
  }
  async function* whole() {
    try {
      yield start;
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    } finally {
      await pieces.return?.();
    }
  }
  return { whole: whole(), firstLine: start.split('\n', 1)[0] ?? '' };
}

const numberFields = new Set(['id', 'rating', 'priceLevel', 'latitude', 'longitude']);

/** Numbers may have a decimal comma. Anything else stays text, which validation rejects. */
function cellValue(name: string, cell: string): unknown {
  if (cell === '') return null;
  if (!numberFields.has(name)) return cell;
  const number = Number(cell.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2'));
  return Number.isNaN(number) ? cell : number;
}
