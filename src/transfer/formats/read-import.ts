/** Reads the rows of an import from a stream of bytes, in bounded memory, whatever its format. */
import { setImmediate } from 'node:timers/promises';
import type { ImportLine } from '../import-record.ts';
import { decodeText } from './decode-text.ts';
import { gunzipIfNeeded } from './gunzip.ts';
import { MAX_LINE_CHARACTERS } from './import-format-error.ts';
import type { ImportFormat, ImportSource, UnknownFields } from './import-source.ts';
import { readCsv } from './read-csv.ts';
import { readJsonArray } from './read-json-array.ts';
import { readNdjson } from './read-ndjson.ts';

/** Throws {@link ImportFormatError} when the file cannot be read further. */
export async function* readImport({
  bytes,
  format,
  charset = 'utf-8',
  unknownFields = 'refuse',
}: ImportSource): AsyncGenerator<ImportLine> {
  const text = decodeText(inSlices(gunzipIfNeeded(bytes)), charset);
  if (format !== undefined) yield* readers[format](text, unknownFields);
  else yield* detectAndRead(text, unknownFields);
}

const readers: Record<
  ImportFormat,
  (text: AsyncIterable<string>, unknownFields: UnknownFields) => AsyncIterable<ImportLine>
> = {
  ndjson: readNdjson,
  json: readJsonArray,
  csv: (text, unknownFields) => readCsv(text, { unknownFields }),
  tsv: (text, unknownFields) => readCsv(text, { unknownFields, delimiter: '\t' }),
};

/** `{` begins NDJSON, `[` a JSON array, anything else a table. */
async function* detectAndRead(
  text: AsyncGenerator<string>,
  unknownFields: UnknownFields,
): AsyncGenerator<ImportLine> {
  let start = '';
  while (start.trim() === '' && start.length < MAX_LINE_CHARACTERS) {
    const next = await text.next();
    if (next.done) return;
    start += next.value;
  }
  async function* whole() {
    yield start;
    yield* text;
  }
  const [first] = start.trimStart();
  const format = first === '{' ? 'ndjson' : first === '[' ? 'json' : 'csv';
  yield* readers[format](whole(), unknownFields);
}

/** Amount parsed between two turns of the event loop; a malformed CSV line costs the parser 20 µs. */
const SLICE_BYTES = 16_384;

async function* inSlices(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      yield chunk.subarray(start, start + SLICE_BYTES);
      await setImmediate();
    }
  }
}
