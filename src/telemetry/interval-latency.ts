/** Median and slowest of the reads of one interval. */

export interface IntervalLatency {
  note(durationMs: number): void;
  /** Of the reads noted since the last call, in ms; NaN without any. The median is that of the latest 256. */
  take(): { readonly medianMs: number; readonly slowestMs: number };
}

const LATEST = 256;

export function createIntervalLatency(): IntervalLatency {
  const latest = new Float64Array(LATEST);
  let count = 0;
  let slowestMs = NaN;
  return {
    note(durationMs) {
      latest[count % LATEST] = durationMs;
      slowestMs = count === 0 ? durationMs : Math.max(slowestMs, durationMs);
      count += 1;
    },
    take() {
      const sorted = latest.slice(0, Math.min(count, LATEST)).sort();
      const taken = { medianMs: sorted[Math.floor(sorted.length / 2)] ?? NaN, slowestMs };
      count = 0;
      slowestMs = NaN;
      return taken;
    },
  };
}
