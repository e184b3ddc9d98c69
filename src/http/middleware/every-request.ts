/** The middleware that every request passes before its route, from the outermost to the innermost. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Metrics } from '../../telemetry/metrics.ts';
import { Problem, problemResponse } from '../contract/problem.ts';
import type { ClientOf } from './client-address.ts';
import { createOriginGuard, hostGuard, isLoopbackOrigin } from './origin-guard.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { responseHeaders } from './response-headers.ts';
import { createOpenRequestLimit } from './stream-limit.ts';

export interface EveryRequestOptions {
  readonly corsOrigins: readonly string[];
  /** Requests per minute and client; undefined for no limit. */
  readonly rateLimit: number | undefined;
  /** Open requests per client; undefined for no limit. */
  readonly openRequestsPerClient: number | undefined;
  /** The service has no key and accepts connections on loopback only. */
  readonly trustsLocalClients: boolean;
  readonly clientOf: ClientOf;
  readonly log: RequestLog;
  readonly metrics: Pick<Metrics, 'middleware'>;
}

/** Response headers that a page of an allowed origin can read. */
export const exposedHeaders = [
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

/**
 * The order matters, and `test/every-request.test.ts` checks it: rejections carry the common headers, are logged and
 * counted, and a page of a listed origin can read a 429.
 */
export function addEveryRequestMiddleware(app: OpenAPIHono, options: EveryRequestOptions): void {
  const { corsOrigins, rateLimit, openRequestsPerClient, clientOf } = options;
  app.use(responseHeaders);
  app.use(createRequestLog(options.log, clientOf));
  app.use(options.metrics.middleware);
  if (corsOrigins.length > 0 || options.trustsLocalClients) {
    app.use(cors({ origin: createAllowedOrigin(options), exposeHeaders: exposedHeaders, maxAge: 86_400 }));
  }
  // After CORS, so that a page can read why it was rejected.
  if (options.trustsLocalClients) app.use(hostGuard, createOriginGuard(corsOrigins));
  if (rateLimit !== undefined) app.use(createRateLimit({ requestsPerMinute: rateLimit, clientOf }));
  if (openRequestsPerClient !== undefined) app.use(createOpenRequestLimit(clientOf, openRequestsPerClient));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => problemResponse(c, wrongMethod(c.req.method, methods.join(', '))),
    }),
  );
}

/** Listed origins; without a key also pages on loopback, whose reads the origin guard allows. */
function createAllowedOrigin({ corsOrigins, trustsLocalClients }: EveryRequestOptions) {
  if (corsOrigins.includes('*')) return '*';
  return (origin: string): string | null =>
    corsOrigins.includes(origin) || (trustsLocalClients && isLoopbackOrigin(origin)) ? origin : null;
}

/** `allowed` is a list for the `Allow` header. */
export const wrongMethod = (method: string, allowed: string) =>
  new Problem('method-not-allowed', `${method} is not supported here; use ${allowed}.`, {
    headers: { Allow: allowed },
  });
