/** Vectors in pgvector's binary format, which preserves every bit of a float32 and is cheaper to read than text. */

import type { SqlValue, SqlValues } from '../connection/bind-values.ts';

/** Dimensions as int16, two unused bytes, then float32, all big-endian (pgvector, `vector_recv`). */
const HEADER_BYTES = 4;

/** float32[dimensions] → a value for a parameter of type `vector`. */
export function writeVector(vector: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + vector.length * 4);
  bytes.writeInt16BE(vector.length, 0);
  bytes.writeInt16BE(0, 2);
  for (let i = 0; i < vector.length; i += 1) bytes.writeFloatBE(vector[i] ?? 0, HEADER_BYTES + i * 4);
  return bytes;
}

/** The result of `vector_send(…)` → float32[dimensions]. */
export function readVector(bytes: Buffer): Float32Array {
  const vector = new Float32Array(bytes.readInt16BE(0));
  for (let i = 0; i < vector.length; i += 1) vector[i] = bytes.readFloatBE(HEADER_BYTES + i * 4);
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
