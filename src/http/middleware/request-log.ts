/** One log line a request, with its id: what was asked, what was answered, how long it took. */
import type { MiddlewareHandler } from 'hono';

export interface RequestLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
}

/**
 * Reads that went well are told at `debug`, everything else at `info`. Queries and headers are left out: they may
 * hold what a user typed, or a key.
 */
export function createRequestLog(log: RequestLog): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const isUneventful = status < 400 && (method === 'GET' || method === 'HEAD');
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const details = { requestId: c.get('requestId'), method, path, status, durationMs };
    log[isUneventful ? 'debug' : 'info'](details, 'request');
  };
}
