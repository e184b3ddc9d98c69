/** Who gets in: vector work is refused at once when memory is short or too much of it is under way. */
import type { MiddlewareHandler } from 'hono';
import type { MemoryControl } from '../../memory/memory-status.ts';
import type { LoopLag } from '../../telemetry/loop-lag.ts';
import { Problem } from '../contract/problem.ts';

/** Beyond it, plain reads would suffer from more ranking: they go first. */
const MAX_LAG_MS = 15;
/** However late the loop is, so many may rank at once: a slow machine with few clients refuses nobody. */
const ALWAYS_ADMITTED = 2;
const retrySoon = { headers: { 'Retry-After': '2' } };

export interface Admission {
  /** A place among the similarity queries, to be given back when done; undefined when there is none right now. */
  enter(): (() => void) | undefined;
  /** For the routes that rank by vectors. */
  readonly middleware: MiddlewareHandler;
}

/** What of `/search` needs no vectors: keywords alone; and hybrid does with them alone while memory is short. */
function needsVectors(path: string, mode: string | undefined, isMemoryShort: boolean): boolean {
  if (path !== '/search') return true;
  return mode === 'semantic' || (mode !== 'keyword' && !isMemoryShort);
}

export function createVectorAdmission(
  memory: Pick<MemoryControl, 'isRefusing'>,
  maxInFlight: number,
  loop: LoopLag,
): Admission {
  let inFlight = 0;

  function rejection(): string | undefined {
    if (memory.isRefusing()) return 'Memory is short: nothing can be ranked by similarity right now.';
    if (inFlight >= maxInFlight) return `${maxInFlight} similarity queries are under way already.`;
    if (inFlight >= ALWAYS_ADMITTED && loop.lagMs() > MAX_LAG_MS) return 'The service is overloaded.';
    return undefined;
  }

  function enter(): (() => void) | undefined {
    if (rejection() !== undefined) return undefined;
    inFlight += 1;
    return () => (inFlight -= 1);
  }

  return {
    enter,
    async middleware(c, next) {
      if (!needsVectors(c.req.path, c.req.query('mode'), memory.isRefusing())) return next();
      const why = rejection();
      if (why !== undefined) throw new Problem('unavailable', why, retrySoon);
      const leave = enter();
      try {
        await next();
      } finally {
        leave?.();
      }
    },
  };
}
