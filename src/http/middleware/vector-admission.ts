/** Rejects vector work when memory is short, when too much of it is in progress, or when the event loop is late. */
import type { Context, MiddlewareHandler } from 'hono';
import type { MemoryControl } from '../../memory/memory-status.ts';
import type { LoopLag } from '../../telemetry/loop-lag.ts';
import { unavailable } from '../contract/problem.ts';

/** Above this mean delay of the event loop, more ranking would slow down single reads. */
const MAX_LAG_MS = 15;
/** Admitted whatever the delay, so that a slow machine with few clients rejects none. */
const ALWAYS_ADMITTED = 2;

export interface Admission {
  /** Admits a similarity query, and returns a function that ends it; undefined when it is rejected. */
  enter(): (() => void) | undefined;
  /** For routes that always rank by vectors. */
  readonly middleware: MiddlewareHandler;
  /** For routes that rank by vectors only if `needsVectors` says so. */
  when(needsVectors: (c: Context, isMemoryShort: boolean) => boolean): MiddlewareHandler;
}

export function createVectorAdmission(
  memory: Pick<MemoryControl, 'isRefusing'>,
  maxInFlight: number,
  loop: LoopLag,
): Admission {
  let inFlight = 0;

  function rejection(): string | undefined {
    if (memory.isRefusing()) return 'Memory is short: similarity queries are rejected until some is free.';
    if (inFlight >= maxInFlight) return `${maxInFlight} similarity queries are already in progress.`;
    if (inFlight >= ALWAYS_ADMITTED && loop.lagMs() > MAX_LAG_MS) return 'The service is overloaded.';
    return undefined;
  }

  function enter(): (() => void) | undefined {
    if (rejection() !== undefined) return undefined;
    inFlight += 1;
    return () => (inFlight -= 1);
  }

  const when: Admission['when'] = (needsVectors) => async (c, next) => {
    if (!needsVectors(c, memory.isRefusing())) return next();
    const why = rejection();
    if (why !== undefined) throw unavailable(why, 2);
    const leave = enter();
    try {
      await next();
    } finally {
      leave?.();
    }
  };
  return { enter, middleware: when(() => true), when };
}
