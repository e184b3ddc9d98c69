/** Work that holds the event loop: one after the other, with room for everybody else in between. */
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';

/** Who would wait longer is told to come again. */
const MAX_WAIT_MS = 1_000;
/** Work that is shorter leaves the loop to others anyway. */
const SHORT_MS = 5;

/**
 * After each piece of work the loop belongs to others for as long as the work took, so that it never gets more than
 * half. What will have to wait for more than a second is refused at once with 503.
 */
export function serialise(): MiddlewareHandler {
  let tail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let lastMs = 0;

  async function work(dueAt: number, next: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    if (startedAt > dueAt) throw rejection();
    try {
      await next();
    } finally {
      lastMs = performance.now() - startedAt;
    }
  }

  return async (_c, next) => {
    if (queued * lastMs * 2 > MAX_WAIT_MS) throw rejection();
    const dueAt = performance.now() + MAX_WAIT_MS;
    queued += 1;
    const done = tail.then(() => work(dueAt, next)).finally(() => (queued -= 1));
    tail = done.then(rest, rest);
    await done;
  };

  async function rest(): Promise<void> {
    if (lastMs >= SHORT_MS) await new Promise((resolve) => setTimeout(resolve, lastMs));
  }
}

const rejection = () =>
  new Problem('unavailable', 'The service is overloaded.', { headers: { 'Retry-After': '2' } });
