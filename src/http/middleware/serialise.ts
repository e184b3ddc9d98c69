/** Serialises requests that block the event loop, with pauses for all others in between. */
import type { MiddlewareHandler } from 'hono';
import { unavailable } from '../contract/problem.ts';

/** A request that would wait longer is rejected. */
const MAX_WAIT_MS = 1_000;
/** After shorter work no pause is needed. */
const SHORT_MS = 5;

/**
 * After each request it pauses for as long as that request took, so that serialised requests use at most half of the
 * event loop. A request that would wait for more than a second is rejected at once (503).
 */
export function createSerialise(): MiddlewareHandler {
  let tail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let lastMs = 0;

  async function work(dueAt: number, next: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    if (startedAt > dueAt) throw overloaded();
    try {
      await next();
    } finally {
      lastMs = performance.now() - startedAt;
    }
  }

  return async (_c, next) => {
    if (queued * lastMs * 2 > MAX_WAIT_MS) throw overloaded();
    const dueAt = performance.now() + MAX_WAIT_MS;
    queued += 1;
    const done = tail.then(() => work(dueAt, next)).finally(() => (queued -= 1));
    tail = done.then(pause, pause);
    await done;
  };

  async function pause(): Promise<void> {
    if (lastMs >= SHORT_MS) await new Promise((resolve) => setTimeout(resolve, lastMs));
  }
}

const overloaded = () => unavailable('The service is overloaded.', 2);
