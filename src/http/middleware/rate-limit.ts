/** Limits the requests of one client per minute and reports the limit in the RateLimit headers. */
import { Problem } from '../contract/problem.ts';

export interface CountedRequest {
  /** For the response, whether or not the request is rejected. */
  readonly headers: Readonly<Record<string, string>>;
  /** The rejection (429), if the request exceeds the limit. */
  readonly problem: Problem | undefined;
}

const WINDOW_MS = 60_000;
/** The oldest windows are dropped beyond this number, which bounds the memory under a flood of addresses. */
const MAX_CLIENTS = 10_000;

/**
 * Returns a function that counts a request of a client, in a fixed window that starts with the client's first request.
 * Headers: draft-ietf-httpapi-ratelimit-headers-07. `now` is monotonic time in ms, so that setting the clock back locks
 * out no client.
 */
export function createRateLimit(
  requestsPerMinute: number,
  now: () => number = () => performance.now(),
): (client: string) => CountedRequest {
  const windows = new Map<string, { endsAt: number; count: number }>();
  const policy = `${requestsPerMinute};w=60`;

  function windowOf(client: string) {
    const known = windows.get(client);
    if (known && known.endsAt > now()) return known;
    windows.delete(client);
    const [oldest] = windows.keys();
    if (windows.size >= MAX_CLIENTS && oldest !== undefined) windows.delete(oldest);
    const fresh = { endsAt: now() + WINDOW_MS, count: 0 };
    windows.set(client, fresh);
    return fresh;
  }

  return (client) => {
    const window = windowOf(client);
    window.count += 1;
    const reset = Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
    const remaining = Math.max(0, requestsPerMinute - window.count);
    const headers = {
      'RateLimit-Policy': policy,
      RateLimit: `limit=${requestsPerMinute}, remaining=${remaining}, reset=${reset}`,
    };
    if (window.count <= requestsPerMinute) return { headers, problem: undefined };
    const problem = new Problem('too-many-requests', `More than ${requestsPerMinute} requests in a minute.`, {
      headers: { 'Retry-After': String(reset) },
    });
    return { headers, problem };
  };
}
