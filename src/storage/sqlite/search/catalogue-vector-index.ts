/** Chooses how to search: the matrix in memory for large catalogues, sqlite-vec otherwise and meanwhile. */
import type { VectorIndex } from '../../../search/nearest-neighbours.ts';
import type { CurrentVectors } from './current-vectors.ts';
import type { Int8VectorIndex } from './int8-vector-index.ts';

export interface CatalogueVectorIndex extends VectorIndex {
  /** Gives the matrix's memory back, in bytes. */
  drop(): number;
  /** Ends a fill under way before its next read: the database may be closed at once. */
  close(): void;
}

export interface CatalogueVectorIndexOptions {
  readonly vectors: CurrentVectors;
  readonly onDisk: VectorIndex;
  readonly inMemory: Int8VectorIndex;
  /** Another process has written since this was last asked: the matrix may not have its vectors. */
  readonly changedElsewhere: () => boolean;
  /** Vectors from which the matrix is worth its memory. */
  readonly int8IndexMinRows: number;
  /** The matrix is dropped after this long without a search, in ms. */
  readonly idleMs: number;
  /** Asked before the matrix is filled, with the bytes that it will take. */
  readonly mayAllocate?: (bytes: number) => boolean;
  /** Told when the vectors cannot be read into memory; searches go on as far as the disk lets them. */
  readonly onFillError?: (error: Error) => void;
  readonly now?: () => number;
}

/** An int8 row, its id, and its place. */
const BYTES_PER_ROW = 384 + 60;
/** After a fill that failed, the next is not tried before this long. */
const FILL_PAUSE_MS = 60_000;

export function createCatalogueVectorIndex(options: CatalogueVectorIndexOptions): CatalogueVectorIndex {
  const {
    vectors,
    onDisk,
    inMemory,
    int8IndexMinRows,
    idleMs,
    changedElsewhere,
    mayAllocate = () => true,
    onFillError = () => {},
    now = () => performance.now(),
  } = options;
  let idleTimer: NodeJS.Timeout | undefined;
  let notBefore = -Infinity;

  function startIdleTimer(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(inMemory.drop, idleMs);
    idleTimer.unref();
  }

  function fillIfWorthIt(): void {
    if (inMemory.isFilling() || now() < notBefore) return;
    const rows = vectors.count();
    if (rows < int8IndexMinRows || !mayAllocate(rows * BYTES_PER_ROW)) return;
    changedElsewhere(); // What was written before this fill is read by it.
    inMemory.fill().catch((error: unknown) => {
      notBefore = now() + FILL_PAUSE_MS;
      onFillError(error as Error);
    });
  }

  return {
    async nearest(request) {
      if (inMemory.isFilled() && changedElsewhere()) inMemory.drop();
      if (!inMemory.isFilled()) fillIfWorthIt();
      if (inMemory.isFilled() || inMemory.isFilling()) startIdleTimer();
      return (inMemory.isFilled() ? inMemory : onDisk).nearest(request);
    },
    drop: inMemory.drop,
    close() {
      clearTimeout(idleTimer);
      inMemory.drop();
    },
  };
}
