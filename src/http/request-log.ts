/** One log line a request, with its id: what was asked, what was answered, how long it took. */
import type { MiddlewareHandler } from 'hono';

export interface RequestLog {
  info(details: object, message: string): void;
}

/** Queries and headers are left out: they may hold what a user typed, or a key. */
export function createRequestLog(log: RequestLog): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    log.info(
      {
        requestId: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        durationMs,
      },
      'request',
    );
  };
}
