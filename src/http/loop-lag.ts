/** How late the event loop is: the one measure of overload that covers whatever causes it. */

export interface LoopLag {
  /** The longest delay of the last tenth of a second or so, in ms. */
  lagMs(): number;
}

const EVERY_MS = 25;
const REMEMBERED = 4;

export function createLoopLag(): LoopLag {
  const latest: number[] = [];
  let dueAt = performance.now() + EVERY_MS;
  setInterval(() => {
    const now = performance.now();
    latest.push(Math.max(0, now - dueAt));
    if (latest.length > REMEMBERED) latest.shift();
    dueAt = now + EVERY_MS;
  }, EVERY_MS).unref();
  return { lagMs: () => Math.max(0, ...latest) };
}
