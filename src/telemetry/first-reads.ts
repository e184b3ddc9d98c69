/** How long the first reads of the latest restaurants took, so that a later read can be shown beside it. */
import type { EmbeddingTiming } from '../embedding/embed-on-demand.ts';

export interface FirstRead {
  readonly durationMs: number;
  /** Undefined when the vector was copied from an equal text. */
  readonly timing: EmbeddingTiming | undefined;
}

export interface FirstReads {
  note(restaurantId: number, read: FirstRead): void;
  find(restaurantId: number): FirstRead | undefined;
}

const REMEMBERED = 500;

/** Keeps the latest {@link REMEMBERED} in memory. */
export function createFirstReads(): FirstReads {
  const reads = new Map<number, FirstRead>();
  return {
    note(restaurantId, { durationMs, timing }) {
      reads.delete(restaurantId);
      reads.set(restaurantId, { durationMs, timing });
      const [oldest] = reads.keys();
      if (reads.size > REMEMBERED && oldest !== undefined) reads.delete(oldest);
    },
    find: (restaurantId) => reads.get(restaurantId),
  };
}
