/** The NearestNeighbours port: the int8 index in memory for large catalogues once it is filled, otherwise sqlite-vec. */
import { setTimeout as wait } from 'node:timers/promises';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { NearestNeighbours } from '../../../search/nearest-neighbours.ts';
import type { CurrentVectors } from './current-vectors.ts';
import type { Int8VectorIndex } from './int8-vector-index.ts';

export interface CatalogueVectorIndex extends Pick<NearestNeighbours, 'nearest' | 'releaseMemory'> {
  /** Ends a running fill before its next read: the database may be closed at once. */
  close(): void;
}

export interface CatalogueVectorIndexOptions {
  readonly vectors: CurrentVectors;
  readonly onDisk: Pick<NearestNeighbours, 'nearest'>;
  readonly inMemory: Int8VectorIndex;
  /** True if another process has written since the last call: the index may lack its vectors. */
  readonly changedElsewhere: () => boolean;
  /** Vectors from which the index in memory is worth its size. */
  readonly int8IndexMinRows: number;
  /** The index is dropped after this long without a search, in ms. */
  readonly idleMs: number;
  /**
   * How long a search waits for a fill that has begun, in ms, before it scans the disk. A scan blocks the event loop
   * (165 ms for 100,000 vectors), so that searches without a pause between them would keep the fill from ending.
   */
  readonly fillWaitMs?: number;
  /** Asked before the index is filled, with the bytes that it will take. */
  readonly mayAllocate?: (bytes: number) => boolean;
  /** Called when the vectors cannot be read into memory; searches continue on disk. */
  readonly onFillError?: (error: Error) => void;
  readonly now?: () => number;
}

/** Of an int8 row, its id and its slot. */
const BYTES_PER_ROW = 384 + 60;
/** Minimum time between a failed fill and the next one. */
const FAILED_PAUSE_MS = 60_000;
/** Minimum time before memory is requested again for an index that did not fit. */
const REJECTED_PAUSE_MS = 10_000;
const FILL_WAIT_MS = 250;

export function createCatalogueVectorIndex(options: CatalogueVectorIndexOptions): CatalogueVectorIndex {
  const {
    vectors,
    onDisk,
    inMemory,
    int8IndexMinRows,
    idleMs,
    changedElsewhere,
    fillWaitMs = FILL_WAIT_MS,
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

  function fillIfWorthIt(version: StoredModelVersion): void {
    if (inMemory.isFilling() || now() < notBefore) return;
    const rows = vectors.count(version);
    if (rows < int8IndexMinRows) return;
    if (!mayAllocate(rows * BYTES_PER_ROW)) {
      notBefore = now() + REJECTED_PAUSE_MS;
      return;
    }
    changedElsewhere(); // The fill reads everything written before it.
    inMemory.fill(version).catch((error: unknown) => {
      notBefore = now() + FAILED_PAUSE_MS;
      onFillError(error as Error);
    });
  }

  async function waitForFill(version: StoredModelVersion): Promise<void> {
    const timer = new AbortController();
    const timedOut = wait(fillWaitMs, undefined, { signal: timer.signal, ref: false }).catch(() => {});
    // Who has started the fill handles its error.
    await Promise.race([inMemory.fill(version).catch(() => {}), timedOut]);
    timer.abort();
  }

  return {
    async nearest(request) {
      const { modelVersion } = request;
      if (inMemory.isFilled(modelVersion) && changedElsewhere()) inMemory.drop();
      if (!inMemory.isFilled(modelVersion)) fillIfWorthIt(modelVersion);
      if (fillWaitMs > 0 && inMemory.isFilling()) await waitForFill(modelVersion);
      const isInMemory = inMemory.isFilled(modelVersion);
      if (isInMemory || inMemory.isFilling()) startIdleTimer();
      return (isInMemory ? inMemory : onDisk).nearest(request);
    },
    releaseMemory: async () => inMemory.drop(),
    close() {
      clearTimeout(idleTimer);
      inMemory.drop();
    },
  };
}
