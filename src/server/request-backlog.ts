/**
 * Requests that wait for their handler to start, and the decision whether another one may join them. It depends on how
 * long the oldest of them has waited, not on their number, as with CoDel (RFC 8289; for request queues: Maurer, "Fail
 * at Scale", ACM Queue 13(8), 2015): a burst may wait, a standing queue may not.
 */

export interface BacklogTime {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** See {@link createWorkClock}. */
  readonly workMs: number;
}

export interface BacklogLimits {
  /** How long requests of a burst may wait, in ms of work. When one has waited longer, the overload begins. */
  readonly burstMs: number;
  /** How long a request may have waited during an overload for another one to be accepted, in ms of work. */
  readonly maxWaitMs: number;
}

export interface RequestBacklog<Request> {
  readonly size: () => number;
  /** Adds the request and returns true, or returns false if it would wait too long. */
  add(request: Request, time: () => BacklogTime): boolean;
  /** The request that has waited longest. */
  take(): Request | undefined;
  /** To be called in each turn of the event loop that leaves requests waiting. */
  passOver(workMs: number): void;
  isOverloaded(nowMs: number): boolean;
}

/** This many requests may always wait: a few clients are not an overload. */
export const ALWAYS_ACCEPTED = 8;
/** The overload is over when no request was rejected for this time. */
export const CALM_MS = 1_000;

interface Entry<Request> {
  readonly request: Request;
  /** The work clock when the request was first passed over. */
  sinceMs: number | undefined;
}

export function createRequestBacklog<Request>(limits: BacklogLimits): RequestBacklog<Request> {
  const entries: Entry<Request>[] = [];
  let calmAtMs = -Infinity;

  function isTooLate({ nowMs, workMs }: BacklogTime): boolean {
    const oldestMs = workMs - (entries[0]?.sinceMs ?? workMs);
    const isLate = oldestMs > (nowMs < calmAtMs ? limits.maxWaitMs : limits.burstMs);
    if (isLate) calmAtMs = nowMs + CALM_MS;
    return isLate;
  }

  return {
    size: () => entries.length,
    add(request, time) {
      if (entries.length >= ALWAYS_ACCEPTED && isTooLate(time())) return false;
      entries.push({ request, sinceMs: undefined });
      return true;
    },
    take: () => entries.shift()?.request,
    passOver(workMs) {
      for (let i = entries.length - 1; i >= 0; i -= 1) {
        const entry = entries[i];
        if (entry?.sinceMs !== undefined) return;
        if (entry) entry.sinceMs = workMs;
      }
    },
    isOverloaded: (nowMs) => nowMs < calmAtMs,
  };
}
