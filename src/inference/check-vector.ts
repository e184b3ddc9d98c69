/** Validates the output of the model before it is stored. */
import { EmbeddingError } from '../embedding/embedding-error.ts';

const LENGTH_TOLERANCE = 1e-3;

/** Throws `invalid-vector` unless this is float32[dimensions], finite and of unit length. */
export function checkVector(vector: unknown, dimensions: number): asserts vector is Float32Array {
  if (!(vector instanceof Float32Array) || vector.length !== dimensions) {
    throw new EmbeddingError('invalid-vector', `the model did not give ${dimensions} float32 numbers`);
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(Math.abs(length - 1) < LENGTH_TOLERANCE)) {
    throw new EmbeddingError('invalid-vector', `the model gave a vector of length ${length}, not 1`);
  }
}
