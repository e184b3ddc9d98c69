/** What every request passes before its route, from the outermost to the innermost. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { answerHeaders } from './answer-headers.ts';
import type { Metrics } from './metrics.ts';
import { Problem, problemResponse } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { refuseForeignPages } from './refuse-foreign-pages.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

export interface MiddlewareOptions {
  readonly corsOrigins: readonly string[];
  /** Requests a minute and client; undefined for no limit. */
  readonly rateLimit: number | undefined;
  readonly trustProxy: 'none' | 'fly';
  /** Whoever reaches the service may write: see {@link refuseForeignPages}. */
  readonly trustsLocalClients: boolean;
  readonly log: RequestLog;
  readonly metrics: Pick<Metrics, 'middleware'>;
}

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

export function addMiddleware(app: OpenAPIHono, options: MiddlewareOptions): void {
  const { corsOrigins, rateLimit, trustProxy, trustsLocalClients, log, metrics } = options;
  app.use(answerHeaders);
  app.use(createRequestLog(log));
  app.use(metrics.middleware);
  if (trustsLocalClients) app.use(refuseForeignPages(corsOrigins));
  if (corsOrigins.length > 0) {
    const origin = corsOrigins.includes('*') ? '*' : [...corsOrigins];
    app.use(cors({ origin, exposeHeaders: exposedHeaders, maxAge: 86_400 }));
  }
  if (rateLimit !== undefined) {
    app.use(createRateLimit({ requestsPerMinute: rateLimit, trustFlyProxy: trustProxy === 'fly' }));
  }
  // A single restaurant fits into one packet: compressing it would cost more than it saves.
  for (const path of [
    '/',
    '/restaurants',
    '/restaurants/export',
    '/restaurants/:id/similar',
    '/recommendations',
    '/search',
    '/map',
    '/openapi.json',
    '/docs/*',
    '/assets/*',
    '/explore/*',
  ]) {
    app.use(path, compress());
  }
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
}

function refuseMethod(c: Parameters<typeof problemResponse>[0], methods: readonly string[]): Response {
  const allowed = methods.join(', ');
  return problemResponse(
    c,
    new Problem('method-not-allowed', `${c.req.method} is not possible here; use ${allowed}.`, {
      headers: { Allow: allowed },
    }),
  );
}
