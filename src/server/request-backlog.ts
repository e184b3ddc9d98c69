/**
 * Requests that wait for their handler to start, and the decision which of them are rejected. The rule is that of
 * CoDel (RFC 8289) in the form for request queues of "Fail at Scale" (Maurer, ACM Queue 13(8), 2015): a burst may wait,
 * a standing queue may not.
 */

export interface BacklogTime {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** See {@link createWorkClock}. */
  readonly workMs: number;
}

export interface RequestBacklog<Request> {
  readonly size: () => number;
  add(request: Request): void;
  /** The request that has waited longest. */
  take(): Request | undefined;
  /** To be called once in each turn of the event loop before requests are taken. Returns the requests to reject. */
  expire(time: BacklogTime): Request[];
  /** To be called when all requests were started within a turn. */
  clear(): void;
  isOverloaded(nowMs: number): boolean;
}

/** Work for which requests must have been waiting without a break before any is rejected. */
export const STANDING_MS = 100;
/** This many requests may wait without limit: a few clients are not an overload. */
const ALWAYS_KEPT = 8;
/** The overload is over when no request has waited too long for this time. */
export const CALM_MS = 1_000;

interface Entry<Request> {
  readonly request: Request;
  /** The work clock when the request was first passed over. */
  sinceMs: number | undefined;
}

/** `maxWaitMs`, of work, is how long a request may wait during an overload. */
export function createRequestBacklog<Request>(maxWaitMs: number): RequestBacklog<Request> {
  const entries: Entry<Request>[] = [];
  let standingSinceMs: number | undefined;
  let calmAtMs = -Infinity;

  function ageMs(workMs: number): number {
    return workMs - (entries[0]?.sinceMs ?? workMs);
  }

  function stamp(workMs: number): void {
    for (let i = entries.length - 1; i >= 0; i -= 1) {
      const entry = entries[i];
      if (entry?.sinceMs !== undefined) return;
      if (entry) entry.sinceMs = workMs;
    }
  }

  return {
    size: () => entries.length,
    add: (request) => void entries.push({ request, sinceMs: undefined }),
    take: () => entries.shift()?.request,
    expire({ nowMs, workMs }) {
      stamp(workMs);
      if (entries.length === 0) standingSinceMs = undefined;
      else standingSinceMs ??= workMs;
      const isStanding = standingSinceMs !== undefined && workMs - standingSinceMs >= STANDING_MS;
      if (!isStanding && nowMs >= calmAtMs) return [];
      const expired: Request[] = [];
      while (entries.length > ALWAYS_KEPT && ageMs(workMs) > maxWaitMs) {
        const entry = entries.shift();
        if (entry) expired.push(entry.request);
      }
      if (expired.length > 0) calmAtMs = nowMs + CALM_MS;
      return expired;
    },
    clear() {
      standingSinceMs = undefined;
    },
    isOverloaded: (nowMs) => nowMs < calmAtMs,
  };
}
