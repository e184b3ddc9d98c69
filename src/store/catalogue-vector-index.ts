/** Chooses how to search: the matrix in memory for large catalogues, sqlite-vec otherwise and meanwhile. */
import type { VectorIndex } from '../similarity/vector-index.ts';
import type { CurrentVectors } from './current-vectors.ts';
import type { MatrixVectorIndex } from './matrix-vector-index.ts';

export interface CatalogueVectorIndex extends VectorIndex {
  /** Gives the matrix's memory back, in bytes. */
  drop(): number;
  close(): void;
}

export interface CatalogueVectorIndexOptions {
  readonly vectors: CurrentVectors;
  readonly onDisk: VectorIndex;
  readonly inMemory: MatrixVectorIndex;
  /** Another process has written since this was last asked: the matrix may not have its vectors. */
  readonly changedElsewhere: () => boolean;
  /** Vectors from which the matrix is worth its memory. */
  readonly matrixMinRows: number;
  /** The matrix is dropped after this long without a search, in ms. */
  readonly idleMs: number;
  /** Asked before the matrix is filled, with the bytes that it will take. */
  readonly mayAllocate?: (bytes: number) => boolean;
}

/** An int8 row, its id, and its place. */
const BYTES_PER_ROW = 384 + 60;

export function createCatalogueVectorIndex(options: CatalogueVectorIndexOptions): CatalogueVectorIndex {
  const {
    vectors,
    onDisk,
    inMemory,
    matrixMinRows,
    idleMs,
    changedElsewhere,
    mayAllocate = () => true,
  } = options;
  let idleTimer: NodeJS.Timeout | undefined;

  function startIdleTimer(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(inMemory.drop, idleMs);
    idleTimer.unref();
  }

  return {
    async nearest(request) {
      if (inMemory.isFilled() && changedElsewhere()) inMemory.drop();
      if (inMemory.isFilled()) {
        startIdleTimer();
        return inMemory.nearest(request);
      }
      const rows = vectors.count();
      if (rows >= matrixMinRows && mayAllocate(rows * BYTES_PER_ROW)) {
        startIdleTimer();
        void inMemory.fill();
      }
      return onDisk.nearest(request);
    },
    drop: inMemory.drop,
    close: () => clearTimeout(idleTimer),
  };
}
