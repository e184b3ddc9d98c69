/** Decompresses a stream if it is gzip, with a limit on how much it may grow. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportFormatError } from './import-format-error.ts';

/** Catalogues compress 5 to 20 times; data that expands more than this is an attack. */
const MAX_EXPANSION = 200;
/** Up to this size any expansion is accepted, e.g. of a test file of equal lines. */
const ALWAYS_ALLOWED_BYTES = 10 * 1024 * 1024;

const isGzip = (start: Uint8Array) => start[0] === 0x1f && start[1] === 0x8b;

/** Bytes that do not begin as gzip does pass unchanged. Throws {@link ImportFormatError} for damaged gzip. */
export async function* gunzipIfNeeded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]();
  try {
    let start: Uint8Array = new Uint8Array();
    while (start.length < 2) {
      const next = await chunks.next();
      if (next.done) break;
      start = Buffer.concat([start, next.value]);
    }
    const whole = { [Symbol.asyncIterator]: () => withStart(start, chunks) };
    yield* isGzip(start) ? gunzip(whole) : whole;
  } finally {
    await chunks.return?.();
  }
}

async function* withStart(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  let bytesOut = 0;
  async function* counted() {
    for await (const chunk of bytes) {
      bytesIn += chunk.length;
      yield chunk;
    }
  }
  // The callback receives what the loop below throws as well.
  const expanded = pipeline(Readable.from(counted()), createGunzip(), () => {});
  try {
    for await (const chunk of expanded as AsyncIterable<Uint8Array>) {
      bytesOut += chunk.length;
      if (bytesOut > Math.max(ALWAYS_ALLOWED_BYTES, bytesIn * MAX_EXPANSION)) {
        throw new ImportFormatError(`The gzip data expands to more than ${MAX_EXPANSION} times its size.`);
      }
      yield chunk;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code?.startsWith('Z_')) throw new ImportFormatError('The gzip data is damaged or cut off.');
    throw error;
  }
}
