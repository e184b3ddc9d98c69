/** Capped exponential back-off. */

/** A row whose text failed is retried after at most this long. */
const LONGEST_ROW_DELAY_MS = 10 * 60_000;
const FIRST_DELAY_MS = 1_000;

/** ms to wait after so many failures in a row: 1 s after the first, doubling, at most `longestMs`. */
export function backOffMs(failures: number, longestMs = LONGEST_ROW_DELAY_MS): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1), longestMs);
}

/**
 * True while a row is not due yet. `retryAt` comes from the database: a time further away than the longest delay was
 * written by a wrong clock and is ignored.
 */
export function isTooEarly(retryAt: string, nowMs: number): boolean {
  const waitMs = Date.parse(retryAt) - nowMs;
  return waitMs > 0 && waitMs <= LONGEST_ROW_DELAY_MS;
}
