/** At most so many requests a minute from one client, told in the RateLimit headers. */
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { getConnInfo } from '@hono/node-server/conninfo';
import { clientOfAddress } from './client-address.ts';
import { Problem } from '../contract/problem.ts';

export interface RateLimitOptions {
  readonly requestsPerMinute: number;
  /** Behind Fly's proxy the client is named by a header that the proxy sets; elsewhere anyone could. */
  readonly trustFlyProxy: boolean;
  readonly now?: () => number;
}

const WINDOW_MS = 60_000;
/** Clients that are remembered: the oldest window is forgotten first, so that a flood of addresses costs no memory. */
const MAX_CLIENTS = 10_000;

/** Who sent the request: an address, or the /64 of an IPv6 address. A header that is no address is not believed. */
export function clientOf(c: Context, trustFlyProxy: boolean): string {
  const told = trustFlyProxy ? c.req.header('fly-client-ip') : undefined;
  const address = told !== undefined && isIP(told) !== 0 ? told : getConnInfo(c).remote.address;
  return clientOfAddress(address ?? 'unknown');
}

/** A fixed window a client, counted from its first request. Headers as in draft-ietf-httpapi-ratelimit-headers-07. */
export function createRateLimit({
  requestsPerMinute,
  trustFlyProxy,
  // Monotonic: a clock that is set back must not lock anyone out.
  now = () => performance.now(),
}: RateLimitOptions): MiddlewareHandler {
  const windows = new Map<string, { endsAt: number; count: number }>();

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
    const window = windowOf(clientOf(c, trustFlyProxy));
    window.count += 1;
    const reset = Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
    const remaining = Math.max(0, requestsPerMinute - window.count);
    const headers = {
      'RateLimit-Policy': `${requestsPerMinute};w=60`,
      RateLimit: `limit=${requestsPerMinute}, remaining=${remaining}, reset=${reset}`,
    };
    if (window.count > requestsPerMinute) {
      throw new Problem('too-many-requests', `More than ${requestsPerMinute} requests in a minute.`, {
        headers: { ...headers, 'Retry-After': String(reset) },
      });
    }
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    await next();
  };
}
