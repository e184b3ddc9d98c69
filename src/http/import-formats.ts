/** Reads the lines of an import from a stream of bytes: NDJSON or CSV, in bounded memory. */
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { importedName, importedNames, type ImportLine } from '../catalog/import-record.ts';

export type ImportFormat = 'ndjson' | 'csv';

/** The file as a whole cannot be read: its header names no field of ours, or not the name. */
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
  const skipped: ImportLine[] = [];
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
      // What follows an unreadable header would be read as one.
      if (!isHeaderRead)
        parser.destroy(new ImportFormatError(`The first line cannot be read: ${error?.message}.`));
      skipped.push({ line: Number(error?.['lines'] ?? 0), problem: error?.message ?? 'cannot be read' });
      return undefined;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    yield* skipped.splice(0);
    const values = Object.entries(record).map(([name, cell]) => [name, cellValue(name, cell)]);
    yield { line: info.lines, values: Object.fromEntries(values) as Record<string, unknown> };
  }
  yield* skipped;
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

function checkHeader(header: readonly string[]): string[] {
  const names = header.map((given) => {
    const name = importedName(given);
    if (name) return name;
    throw new ImportFormatError(
      `The column ${JSON.stringify(given)} is not known; known are ${importedNames}.`,
    );
  });
  if (names.includes('name') || names.includes('id') || names.includes('externalId')) return names;
  throw new ImportFormatError(`The first line must name the columns: ${importedNames}.`);
}

function cellValue(name: string, cell: string): unknown {
  if (cell === '') return null;
  if (!numberFields.has(name)) return cell;
  const number = Number(cell.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2'));
  return Number.isNaN(number) ? cell : number;
}

async function detectDelimiter(bytes: AsyncIterable<Uint8Array>) {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  const [header = ''] = first.done ? [] : new TextDecoder().decode(first.value).split('\n', 1);
  async function* all() {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value;
  }
  return {
    source: Readable.from(all()),
    delimiter: !header.includes(',') && header.includes(';') ? ';' : ',',
  };
}
