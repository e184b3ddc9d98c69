/** How many answers that never end one client may have open. */
import type { ServerResponse } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';
import { clientOf } from './rate-limit.ts';

/** More than the pages one person has open; behind a proxy that is not Fly's, all clients are one. */
const MAX_STREAMS = 12;

export function limitStreams(trustFlyProxy: boolean): MiddlewareHandler {
  const open = new Map<string, number>();
  return async (c, next) => {
    const client = clientOf(c, trustFlyProxy);
    const count = open.get(client) ?? 0;
    if (count >= MAX_STREAMS) {
      throw new Problem('unavailable', `One client may listen ${MAX_STREAMS} times at once.`, {
        headers: { 'Retry-After': '10' },
      });
    }
    open.set(client, count + 1);
    // An answer of Node's is closed when it has ended and when its client has gone.
    const { outgoing } = c.env as { outgoing: ServerResponse };
    outgoing.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
    await next();
  };
}
