/** CPU throttle: keeps background work within its share of a core, and yields to clients that wait. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface CpuThrottleOptions {
  /** True while a client waits for the model: background work pauses. */
  readonly isBusy: () => boolean;
  /** CPU time of the model process since its start, in µs. */
  readonly cpuMicros: () => number;
  /** Share of one core that the model process may use for this now, in percent, above 0. */
  readonly cpuPercent: () => number;
  /** Number of texts that may run without a pause now, at most the batch size of the run; by default all. */
  readonly batchOf?: (batchSize: number) => number;
}

const BUSY_PAUSE_MS = 20;

/** Begins a piece of work. Returns a function that sleeps, after the work, to keep its CPU use under the limit. */
export function startCpuThrottle({ isBusy, cpuMicros, cpuPercent }: CpuThrottleOptions) {
  const cpuBefore = cpuMicros();
  const startedAt = performance.now();
  return async (signal: AbortSignal): Promise<void> => {
    const usedMs = Math.max(0, cpuMicros() - cpuBefore) / 1_000;
    await pause((usedMs * 100) / cpuPercent() - (performance.now() - startedAt), signal);
    while (isBusy() && !signal.aborted) await pause(BUSY_PAUSE_MS, signal);
  };
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
