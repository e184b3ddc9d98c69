/** Serialises requests that block the event loop, with pauses for all others in between. */
import type { MiddlewareHandler } from 'hono';
import { unavailable } from '../contract/problem.ts';

/** After shorter work no pause is needed. */
const SHORT_MS = 5;
const MAX_PAUSE_MS = 250;

export interface SerialiseOptions {
  /** A request that would wait longer is rejected. */
  readonly maxWaitMs?: number;
}

/**
 * After each request it pauses for as long as that request took, at most 250 ms, so that serialised requests use about
 * half of the event loop. A request that would wait for more than a second is rejected at once (503).
 */
export function createSerialise({ maxWaitMs = 1_000 }: SerialiseOptions = {}): MiddlewareHandler {
  const maxPauseMs = Math.min(MAX_PAUSE_MS, maxWaitMs / 4);
  let tail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let lastMs = 0;
  let pauseMs = 0;

  async function work(dueAt: number, next: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    if (startedAt > dueAt) throw overloaded();
    try {
      await next();
    } finally {
      lastMs = performance.now() - startedAt;
      pauseMs = lastMs < SHORT_MS ? 0 : Math.min(lastMs, maxPauseMs);
    }
  }

  return async (_c, next) => {
    if (queued * (lastMs + Math.min(lastMs, maxPauseMs)) > maxWaitMs) throw overloaded();
    const dueAt = performance.now() + maxWaitMs;
    queued += 1;
    const done = tail.then(() => work(dueAt, next)).finally(() => (queued -= 1));
    tail = done.then(pause, pause);
    await done;
  };

  /** Once after each request that was worked on: retries that are rejected must not prolong it. */
  async function pause(): Promise<void> {
    const ms = pauseMs;
    pauseMs = 0;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

const overloaded = () => unavailable('The service is overloaded.', 2);
