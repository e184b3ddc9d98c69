/** Writes one log line per request: what was requested, the status, and how long it took. */
import type { MiddlewareHandler } from 'hono';
import { truncateAddress, type ClientOf } from './client-address.ts';

export interface RequestLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
}

/** Statuses of rejections for which the log names the network of the client. */
const rejections = new Set([401, 403, 408, 413, 421, 429, 503]);

/**
 * Successful reads are logged at `debug`, everything else at `info`. Queries and headers are never logged: they may
 * contain what a user typed, or a key. Only rejections name the client, by its network.
 */
export function createRequestLog(log: RequestLog, clientOf: ClientOf): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const isSuccessfulRead = status < 400 && (method === 'GET' || method === 'HEAD');
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const details = {
      requestId: c.get('requestId') as string,
      method,
      path,
      status,
      durationMs,
      ...(rejections.has(status) && { client: truncateAddress(clientOf(c)) }),
    };
    log[isSuccessfulRead ? 'debug' : 'info'](details, 'request');
  };
}
