/** The delay of the event loop: the one measure of overload that covers every cause. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopLag {
  /** The mean delay during the last fifth of a second, in ms: a single long task is not an overload. */
  lagMs(): number;
}

const RESOLUTION_MS = 25;
const WINDOW_MS = 200;

export function createLoopLag(): LoopLag {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let lagMs = 0;
  setInterval(() => {
    // The histogram records the whole interval between two samples; the resolution itself is not a delay.
    lagMs = delays.count === 0 ? WINDOW_MS : Math.max(0, delays.mean / 1e6 - RESOLUTION_MS);
    delays.reset();
  }, WINDOW_MS).unref();
  return { lagMs: () => lagMs };
}
