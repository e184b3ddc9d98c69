/** What every request passes before its route, from the outermost to the innermost. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { answerHeaders } from './response-headers.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { Problem, problemResponse } from '../contract/problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { originGuard } from './origin-guard.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

export interface MiddlewareOptions {
  readonly corsOrigins: readonly string[];
  /** Requests a minute and client; undefined for no limit. */
  readonly rateLimit: number | undefined;
  readonly trustProxy: 'none' | 'fly';
  /** Whoever reaches the service may write: see {@link originGuard}. */
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
  if (trustsLocalClients) app.use(originGuard(corsOrigins));
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
  app.use(methodNotAllowed({ app, onMethodNotAllowed: rejectMethod }));
}

function rejectMethod(c: Parameters<typeof problemResponse>[0], methods: readonly string[]): Response {
  const allowed = methods.join(', ');
  return problemResponse(
    c,
    new Problem('method-not-allowed', `${c.req.method} is not possible here; use ${allowed}.`, {
      headers: { Allow: allowed },
    }),
  );
}
