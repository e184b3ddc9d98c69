/** Limits the requests of one client per minute and reports the limit in the RateLimit headers. */
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';
import type { ClientOf } from './client-address.ts';

export interface RateLimitOptions {
  readonly requestsPerMinute: number;
  readonly clientOf: ClientOf;
  /** Monotonic clock in ms, so that setting the clock back locks out no client. */
  readonly now?: () => number;
}

const WINDOW_MS = 60_000;
/** The oldest windows are dropped beyond this number, which bounds the memory under a flood of addresses. */
const MAX_CLIENTS = 10_000;

/** A fixed window per client that starts with its first request. Headers: draft-ietf-httpapi-ratelimit-headers-07. */
export function createRateLimit({
  requestsPerMinute,
  clientOf,
  now = () => performance.now(),
}: RateLimitOptions): MiddlewareHandler {
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

  return async (c, next) => {
    // Health checks of a platform are not counted.
    if (c.req.path === '/healthz' || c.req.path === '/readyz') return next();
    const window = windowOf(clientOf(c));
    window.count += 1;
    const reset = Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
    const remaining = Math.max(0, requestsPerMinute - window.count);
    const limit = `limit=${requestsPerMinute}, remaining=${remaining}, reset=${reset}`;
    if (window.count > requestsPerMinute) {
      throw new Problem('too-many-requests', `More than ${requestsPerMinute} requests in a minute.`, {
        headers: { 'RateLimit-Policy': policy, RateLimit: limit, 'Retry-After': String(reset) },
      });
    }
    c.header('RateLimit-Policy', policy);
    c.header('RateLimit', limit);
    await next();
  };
}
