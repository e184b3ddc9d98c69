/** The middleware that every request passes before its route, from the outermost to the innermost. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Metrics } from '../../telemetry/metrics.ts';
import { Problem, problemResponse } from '../contract/problem.ts';
import type { ClientOf } from './client-address.ts';
import { limitClients, type CountRequest } from './client-limits.ts';
import { allowOrigins, type CrossOriginOptions } from './cross-origin.ts';
import { createOriginGuard, hostGuard } from './origin-guard.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { responseHeaders } from './response-headers.ts';

export interface EveryRequestOptions extends CrossOriginOptions {
  readonly countRequest: CountRequest;
  readonly clientOf: ClientOf;
  readonly log: RequestLog;
  readonly metrics: Pick<Metrics, 'middleware'>;
}

/**
 * The order matters, and `test/every-request.test.ts` checks it: rejections carry the common headers, are logged and
 * counted, and a page of a listed origin can read a 429.
 */
export function addEveryRequestMiddleware(app: OpenAPIHono, options: EveryRequestOptions): void {
  app.use(responseHeaders);
  app.use(createRequestLog(options.log, options.clientOf));
  app.use(options.metrics.middleware);
  const crossOrigin = allowOrigins(options);
  if (crossOrigin) app.use(crossOrigin);
  // After CORS, so that a page can read why it was rejected.
  if (options.trustsLocalClients) app.use(hostGuard, createOriginGuard(options.corsOrigins));
  app.use(limitClients(options.countRequest));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => problemResponse(c, wrongMethod(c.req.method, methods.join(', '))),
    }),
  );
}

/** `allowed` is a list for the `Allow` header. */
export const wrongMethod = (method: string, allowed: string) =>
  new Problem('method-not-allowed', `${method} is not supported here; use ${allowed}.`, {
    headers: { Allow: allowed },
  });
