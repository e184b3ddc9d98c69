/** Vectors in pgvector's binary format, which preserves every bit of a float32 and is cheaper to read than text. */

import type { SqlValue, SqlValues } from '../connection/bind-values.ts';

/** Dimensions as int16, two unused bytes, then float32, all big-endian (pgvector, `vector_recv`). */
const HEADER_BYTES = 4;

/** float32[dimensions] → a value for a parameter of type `vector`. Every supported platform is little-endian. */
export function writeVector(vector: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + vector.byteLength);
  bytes.writeInt16BE(vector.length, 0);
  bytes.writeInt16BE(0, 2);
  bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), HEADER_BYTES);
  bytes.subarray(HEADER_BYTES).swap32();
  return bytes;
}

/** The result of `vector_send(…)` → float32[dimensions]. */
export function readVector(bytes: Buffer): Float32Array {
  const vector = new Float32Array(bytes.readInt16BE(0));
  const copy = Buffer.from(vector.buffer);
  copy.set(bytes.subarray(HEADER_BYTES));
  copy.swap32();
  return vector;
}

/** The rows of a VALUES list, `(key, vector)`, and the values that it names. A vector takes a third of its text. */
export function vectorRows(
  rows: readonly { readonly key: SqlValue; readonly vector: Float32Array }[],
  keyType: 'bigint' | 'bytea',
): { readonly sql: string; readonly values: SqlValues } {
  const values: Record<string, SqlValue> = {};
  const list = rows.map(({ key, vector }, i) => {
    values[`key${i}`] = key;
    values[`vector${i}`] = writeVector(vector);
    return `(:key${i}::${keyType}, :vector${i}::vector)`;
  });
  return { sql: list.join(', '), values };
}
