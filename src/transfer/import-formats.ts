/** Reads the lines of an import from a stream of bytes: NDJSON or CSV, in bounded memory. */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { importedName, importedNames, type ImportLine } from './import-record.ts';

export type ImportFormat = 'ndjson' | 'csv';

/** The file cannot be read, or not on from a line; the message says what became of it. */
export class ImportFormatError extends Error {
  override readonly name = 'ImportFormatError';
  readonly expected = true;
}

/** A line that is longer is a problem of its own and is read past. */
const MAX_LINE_CHARACTERS = 65_536;

export function readImport(
  format: ImportFormat,
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<ImportLine> {
  return format === 'csv' ? readCsv(bytes) : readNdjson(bytes);
}

async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  let line = 0;
  for await (const text of splitLines(bytes)) {
    line += 1;
    if (text === undefined) yield { line, problem: `is longer than ${MAX_LINE_CHARACTERS} characters` };
    else if (text.trim() !== '') yield parseLine(line, text);
  }
}

function parseLine(line: number, text: string): ImportLine {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { line, values: values as Record<string, unknown> };
    }
  } catch {
    // Told below, like any other JSON that is not an object.
  }
  return { line, problem: 'is not a JSON object' };
}

/** Lines without their ends; undefined for one that is too long. */
async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield isTooLong || part.length > MAX_LINE_CHARACTERS ? undefined : part;
      isTooLong = false;
    }
    if (rest.length > MAX_LINE_CHARACTERS) {
      isTooLong = true;
      rest = '';
    }
  }
  if (isTooLong) yield undefined;
  else if (rest !== '') yield rest;
}

const numberFields = new Set(['id', 'rating', 'priceLevel', 'latitude', 'longitude']);

/** The first line names the fields; `;` separates when the first line has no `,`. An empty cell is null. */
async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  let isHeaderRead = false;
  const { source, delimiter } = await detectDelimiter(bytes);
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    columns(header: readonly string[]) {
      isHeaderRead = true;
      return checkHeader(header);
    },
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_LINE_CHARACTERS,
    on_skip(error) {
      const line = Number(error?.['lines'] ?? 0);
      const problem = error?.message ?? 'cannot be read';
      // What follows an unreadable header would be read as one.
      if (!isHeaderRead) parser.destroy(unreadable(`The first line cannot be read: ${problem}.`));
      else if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(tooLong(line));
      // In its place among the records, so that the reader is never behind by more than one piece of the file.
      else parser.push({ line, problem });
      return undefined;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const read of parser as AsyncIterable<CsvRecord | (ImportLine & { problem: string })>) {
    if ('problem' in read) yield read;
    else {
      const values = Object.entries(read.record).map(([name, cell]) => [name, cellValue(name, cell)]);
      yield { line: read.info.lines, values: Object.fromEntries(values) as Record<string, unknown> };
    }
  }
}

const unreadable = (problem: string) => new ImportFormatError(`${problem} Nothing was stored.`);

/** The parser cannot find the end of such a line: where the quote should have been closed, nobody knows. */
const tooLong = (line: number) =>
  new ImportFormatError(
    `Line ${line} is longer than ${MAX_LINE_CHARACTERS} characters, or a quote in it is never closed. It and what ` +
      'follows were not read, what is before it may have been stored; correct it and import the file again.',
  );

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

function checkHeader(header: readonly string[]): string[] {
  const names = header.map((given) => {
    const name = importedName(given);
    if (name) return name;
    throw unreadable(`The column ${JSON.stringify(given)} is not known; known are ${importedNames}.`);
  });
  if (names.includes('name') || names.includes('id') || names.includes('externalId')) return names;
  throw unreadable(`The first line must name the columns: ${importedNames}.`);
}

function cellValue(name: string, cell: string): unknown {
  if (cell === '') return null;
  if (!numberFields.has(name)) return cell;
  const number = Number(cell.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2'));
  return Number.isNaN(number) ? cell : number;
}

/** What is parsed at once: a line that cannot be read costs the parser 20 µs, and others want their turn. */
const SLICE_BYTES = 16_384;

async function* inSlices(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
    yield chunk.subarray(start, start + SLICE_BYTES);
    await setImmediate();
  }
}

/** Reads as far as the end of the first line, and gives what it has read back with the rest, in slices. */
async function detectDelimiter(bytes: AsyncIterable<Uint8Array>) {
  const chunks = bytes[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  const read: Uint8Array[] = [];
  let header = '';
  while (!header.includes('\n') && header.length <= MAX_LINE_CHARACTERS) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    header += decoder.decode(next.value, { stream: true });
  }
  async function* all() {
    for (const chunk of read) yield* inSlices(chunk);
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield* inSlices(next.value);
  }
  const [names = ''] = header.split('\n', 1);
  return {
    source: Readable.from(all()),
    delimiter: !names.includes(',') && names.includes(';') ? ';' : ',',
  };
}
