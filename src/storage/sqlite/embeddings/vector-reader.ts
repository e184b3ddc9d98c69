/** Reading stored vectors, in either way. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';

export interface StoredVector {
  readonly id: number;
  /** float32[dimensions]. */
  readonly vector: Float32Array;
}

export interface VectorReader {
  /** The vectors of these rows, in any order; rows without one are left out. */
  read(version: StoredModelVersion, ids: readonly number[]): StoredVector[];
  /**
   * About `rows` vectors after a position: 0 for the first page, then `last` of the page before. Undefined at the
   * end. Each vector is on one page; those of an earlier text are included.
   */
  page(
    version: StoredModelVersion,
    after: number,
    rows: number,
  ): { readonly vectors: StoredVector[]; readonly last: number } | undefined;
}
