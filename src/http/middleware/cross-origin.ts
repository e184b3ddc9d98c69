/** Which web pages may read responses (CORS). */
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isLoopbackOrigin } from './origin-guard.ts';

export interface CrossOriginOptions {
  readonly corsOrigins: readonly string[];
  /** The service has no key and accepts connections on loopback only. */
  readonly trustsLocalClients: boolean;
}

/** Response headers that a page of an allowed origin can read. */
const exposedHeaders = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'X-Request-Id',
];

/** Undefined if no page of another origin may read anything. */
export function allowOrigins(options: CrossOriginOptions): MiddlewareHandler | undefined {
  if (!allowsAny(options)) return undefined;
  return cors({ origin: createAllowedOrigin(options), exposeHeaders: exposedHeaders, maxAge: 86_400 });
}

/**
 * What {@link allowOrigins} adds to the response to a simple request, for responses that are sent without the router.
 * `varies` is the rest of `Vary`. Returns names and values in turn.
 */
export function createCrossOriginHeaders(
  options: CrossOriginOptions,
  varies?: string,
): (origin: string | undefined) => readonly string[] {
  if (!allowsAny(options)) return () => vary(varies);
  const exposed = ['Access-Control-Expose-Headers', exposedHeaders.join(',')];
  const allowed = createAllowedOrigin(options);
  if (allowed === '*') return () => [...vary(varies), ...exposed, ...allow('*')];
  const common = [...vary(varies, 'Origin'), ...exposed];
  return (origin) => {
    const listed = origin === undefined ? null : allowed(origin);
    return listed === null ? common : [...common, ...allow(listed)];
  };
}

const vary = (...names: (string | undefined)[]) => {
  const listed = names.filter((name) => name !== undefined);
  return listed.length > 0 ? ['Vary', listed.join(', ')] : [];
};

const allow = (origin: string) => ['Access-Control-Allow-Origin', origin];

const allowsAny = ({ corsOrigins, trustsLocalClients }: CrossOriginOptions) =>
  corsOrigins.length > 0 || trustsLocalClients;

/** Listed origins; without a key also pages on loopback, which may read and ask for recommendations. */
function createAllowedOrigin({ corsOrigins, trustsLocalClients }: CrossOriginOptions) {
  if (corsOrigins.includes('*')) return '*';
  return (origin: string): string | null =>
    corsOrigins.includes(origin) || (trustsLocalClients && isLoopbackOrigin(origin)) ? origin : null;
}
