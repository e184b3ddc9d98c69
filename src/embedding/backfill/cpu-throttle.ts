/** Keeps background work within its share of a core, and out of the way of those who wait. */
import { pause } from '../sleep.ts';

export interface CpuThrottleOptions {
  /** Somebody waits for the model: background work holds back. */
  readonly isBusy: () => boolean;
  /** CPU time of the model process since its start, in µs. */
  readonly cpuMicros: () => number;
  /** Share of one core that the model process may use for this, in percent. */
  readonly cpuPercent: number;
}

const BUSY_PAUSE_MS = 20;

/** Begins a piece of work; what it gives waits, behind the work, so that its CPU time stays within the share. */
export function startCpuThrottle({ isBusy, cpuMicros, cpuPercent }: CpuThrottleOptions) {
  const cpuBefore = cpuMicros();
  const startedAt = performance.now();
  return async (signal: AbortSignal): Promise<void> => {
    const usedMs = Math.max(0, cpuMicros() - cpuBefore) / 1_000;
    await pause((usedMs * 100) / cpuPercent - (performance.now() - startedAt), signal);
    while (isBusy() && !signal.aborted) await pause(BUSY_PAUSE_MS, signal);
  };
}
