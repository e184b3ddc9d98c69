/** Counts reads of restaurants in memory and stores them in groups: a read must never cost a write. */

export interface ViewCounts {
  note(restaurantId: number): void;
  /** Stores what has been counted since the last time. */
  flush(): Promise<void>;
  /** Flushes one last time and stops. */
  close(): Promise<void>;
}

/** A crash loses at most the views of this time, which only order background work. */
const FLUSH_EVERY_MS = 10_000;
const MAX_RESTAURANTS = 1_000;

export function createViewCounts(store: (views: ReadonlyMap<number, number>) => Promise<void>): ViewCounts {
  let views = new Map<number, number>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (views.size === 0) return;
    const counted = views;
    views = new Map();
    // A full or locked database loses the counts of one group, nothing else.
    await store(counted).catch(() => {});
  }

  return {
    note(restaurantId) {
      views.set(restaurantId, (views.get(restaurantId) ?? 0) + 1);
      if (views.size >= MAX_RESTAURANTS) void flush();
      timer ??= setTimeout(() => void flush(), FLUSH_EVERY_MS).unref();
    },
    flush,
    close: flush,
  };
}
