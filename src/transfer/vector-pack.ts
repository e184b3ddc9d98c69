/**
 * Vector packs: vectors by the hash of their text, computed on one machine and imported on another.
 * A line of JSON (format, model version), then for each vector 32 bytes of sha-256 of the text and float32[dimensions],
 * little-endian, then the sha-256 of everything before it.
 */
import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import type { ModelVersion, StoredModelVersion } from '../catalog/model-version.ts';

export interface PackedVector {
  /** sha-256 of the embedded text, in hex. */
  readonly textHash: string;
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
}

/** The port through which packed vectors are read and stored. */
export interface VectorPackStore {
  /** The version's vectors, each text once, in the order of the text's hash. */
  listPacked(request: {
    readonly modelVersion: StoredModelVersion;
    readonly afterHash: string;
    readonly limit: number;
  }): Promise<PackedVector[]>;
  /** Stores each vector with every row of its text that has none, in one transaction; returns the number of rows. */
  storePacked(vectors: readonly PackedVector[], modelVersion: StoredModelVersion): Promise<number>;
}

/** The pack is damaged, incomplete, or made with another model. */
export class VectorPackError extends Error {
  override readonly name = 'VectorPackError';
  readonly expected = true;
}

const FORMAT = 'tastematch-vectors-1';
const HASH_BYTES = 32;
const MAX_HEADER_BYTES = 4_096;
const BATCH = 200;
/** Without control characters, as messages show it in a terminal. */
const printable = z.string().regex(/^[\x20-\x7e]{1,200}$/);
const headerSchema = z.object({
  format: z.literal(FORMAT),
  generation: z.object({
    model: printable,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    templateVersion: z.int().min(1),
    dimensions: z.int().min(1).max(65_536),
  }),
});
const describe = ({ model, sha256, templateVersion, dimensions }: ModelVersion) =>
  `${model} (${sha256.slice(0, 12)}, text template ${templateVersion}, ${dimensions} dimensions)`;

/** The bytes of a pack of every current vector. */
export async function* packVectors(
  store: VectorPackStore,
  modelVersion: StoredModelVersion,
  onProgress: (vectors: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const { model, sha256, templateVersion, dimensions } = modelVersion;
  // The name of this field is part of the format.
  const header = { format: FORMAT, generation: { model, sha256, templateVersion, dimensions } };
  const told = (bytes: Buffer) => {
    hash.update(bytes);
    return bytes;
  };
  yield told(Buffer.from(`${JSON.stringify(header)}\n`));
  let count = 0;
  for (let after = ''; ;) {
    const page = await store.listPacked({ modelVersion, afterHash: after, limit: BATCH });
    const last = page.at(-1);
    if (!last) break;
    yield told(
      Buffer.concat(
        page.flatMap(({ textHash, vector }) => [
          Buffer.from(textHash, 'hex'),
          Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
        ]),
      ),
    );
    count += page.length;
    after = last.textHash;
    onProgress(count);
  }
  yield hash.digest();
}

/**
 * Stores the vectors of known texts. If the pack turns out to be incomplete or damaged, complete batches stay stored:
 * each vector is checked, and the import can be repeated. Throws {@link VectorPackError}.
 */
export async function unpackVectors(
  store: VectorPackStore,
  modelVersion: StoredModelVersion,
  bytes: AsyncIterable<Uint8Array>,
  onProgress: (vectors: number) => void = () => {},
): Promise<{ readonly vectors: number; readonly stored: number }> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  let recordBytes = 0;
  let vectors = 0;
  let stored = 0;
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    if (recordBytes === 0) {
      const end = rest.indexOf('\n') + 1;
      if (end === 0 && rest.length < MAX_HEADER_BYTES) continue;
      recordBytes = readHeader(rest.subarray(0, end), modelVersion);
      rest = take(hash, rest, end);
    }
    // Held back: the last 32 bytes may be the hash at the end.
    const whole = Math.floor((rest.length - HASH_BYTES) / recordBytes);
    for (let done = 0; done < whole; done += BATCH) {
      const count = Math.min(BATCH, whole - done);
      stored += await store.storePacked(readRecords(rest, count, recordBytes), modelVersion);
      rest = take(hash, rest, count * recordBytes);
      vectors += count;
      onProgress(vectors);
    }
  }
  if (recordBytes === 0) throw new VectorPackError('This is not a vector pack: it has no first line.');
  if (rest.length !== HASH_BYTES || !hash.digest().equals(rest)) {
    throw new VectorPackError(
      `The pack is cut off or damaged after vector ${vectors}; the vectors before it are stored.`,
    );
  }
  return { vectors, stored };
}

/** Returns the bytes of a record. */
function readHeader(line: Buffer, current: ModelVersion): number {
  const header = headerSchema.safeParse(parseJson(line.toString()));
  if (!header.success) {
    throw new VectorPackError(`This is not a vector pack: its first line is not the header of ${FORMAT}.`);
  }
  const { generation } = header.data;
  if (describe(generation) !== describe(current) || generation.sha256 !== current.sha256) {
    throw new VectorPackError(
      `The pack holds vectors of ${describe(generation)}, this catalogue uses ${describe(current)}. ` +
        'Vectors of different models cannot be compared; nothing was stored.',
    );
  }
  return HASH_BYTES + current.dimensions * 4;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readRecords(bytes: Buffer, count: number, recordBytes: number): PackedVector[] {
  return Array.from({ length: count }, (_, index) => {
    const start = index * recordBytes;
    const floats = bytes.buffer.slice(
      bytes.byteOffset + start + HASH_BYTES,
      bytes.byteOffset + start + recordBytes,
    );
    const vector = new Float32Array(floats as ArrayBuffer);
    if (!(Math.abs(Math.hypot(...vector) - 1) < 1e-3)) {
      throw new VectorPackError('The pack is damaged: it contains a vector that is not of unit length.');
    }
    return { textHash: bytes.subarray(start, start + HASH_BYTES).toString('hex'), vector };
  });
}

function take(hash: Hash, bytes: Buffer, count: number): Buffer {
  hash.update(bytes.subarray(0, count));
  return bytes.subarray(count);
}
