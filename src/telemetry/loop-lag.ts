/** How late the event loop is: the one measure of overload that covers whatever causes it. */

export interface LoopLag {
  /** The mean delay of the last fifth of a second, in ms: one long piece of work is no overload. */
  lagMs(): number;
}

const EVERY_MS = 25;
const REMEMBERED = 8;

export function createLoopLag(): LoopLag {
  const latest: number[] = [];
  let dueAt = performance.now() + EVERY_MS;
  setInterval(() => {
    const now = performance.now();
    latest.push(Math.max(0, now - dueAt));
    if (latest.length > REMEMBERED) latest.shift();
    dueAt = now + EVERY_MS;
  }, EVERY_MS).unref();
  return { lagMs: () => latest.reduce((sum, lag) => sum + lag, 0) / REMEMBERED };
}
