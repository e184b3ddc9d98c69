/** How long to leave something alone that failed. */

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/** Capped exponential back-off in ms: 1 s after the first failure, doubling, at most 10 minutes. */
export function backOffMs(failedAttempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, failedAttempts - 1), LONGEST_DELAY_MS);
}

/** Whether to wait still. A time that no back-off can have set is from a clock that was wrong, and does not count. */
export function isTooEarly(retryAt: string, nowMs: number): boolean {
  const waitMs = Date.parse(retryAt) - nowMs;
  return waitMs > 0 && waitMs <= LONGEST_DELAY_MS;
}
