/** Who gets in: vector work is refused at once when memory is short or too much of it is under way. */
import type { MiddlewareHandler } from 'hono';
import type { MemoryControl } from '../embedding/memory-control.ts';
import type { LoopLag } from './loop-lag.ts';
import { Problem } from './problem.ts';

/** Beyond it, plain reads would suffer from more ranking: they go first. */
const MAX_LAG_MS = 15;
/** However late the loop is, so many may rank at once: a slow machine with few clients refuses nobody. */
const ALWAYS_ADMITTED = 2;
const retrySoon = { headers: { 'Retry-After': '2' } };

/** What of `/search` needs no vectors: keywords alone; and hybrid does with them alone while memory is short. */
function needsVectors(path: string, mode: string | undefined, isMemoryShort: boolean): boolean {
  if (path !== '/search') return true;
  return mode === 'semantic' || (mode !== 'keyword' && !isMemoryShort);
}

/** For the routes that rank by vectors. */
export function createVectorAdmission(
  memory: Pick<MemoryControl, 'isRefusing'>,
  maxInFlight: number,
  loop: LoopLag,
): MiddlewareHandler {
  let inFlight = 0;
  return async (c, next) => {
    const isMemoryShort = memory.isRefusing();
    if (!needsVectors(c.req.path, c.req.query('mode'), isMemoryShort)) return next();
    if (isMemoryShort) {
      throw new Problem(
        'unavailable',
        'Memory is short: nothing can be ranked by similarity right now.',
        retrySoon,
      );
    }
    if (inFlight >= maxInFlight) {
      throw new Problem('unavailable', `${maxInFlight} similarity queries are under way already.`, retrySoon);
    }
    if (inFlight >= ALWAYS_ADMITTED && loop.lagMs() > MAX_LAG_MS) {
      throw new Problem('unavailable', 'The service is overloaded.', retrySoon);
    }
    inFlight += 1;
    try {
      await next();
    } finally {
      inFlight -= 1;
    }
  };
}
