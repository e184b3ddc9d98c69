/** Measures how much CPU time the machine withholds, and limits background work accordingly. */
import type { CpuMonitor, CpuState, CpuStatus } from './cpu-status.ts';
import type { CpuReading } from './read-cpu.ts';

export interface CpuMonitorOptions {
  readonly read: () => CpuReading;
  /** Called when the state has changed. */
  readonly onChange?: (status: CpuStatus) => void;
  /** Time since the last request, in ms; Infinity without one. */
  readonly sinceRequestMs?: () => number;
  /** Monotonic clock in ms. */
  readonly nowMs?: () => number;
}

export interface RunningCpuMonitor extends CpuMonitor {
  /** Reads once. */
  sample(): void;
  /** Reads every second: about 0.01 % of a core. */
  start(): void;
  stop(): void;
}

const SAMPLE_EVERY_MS = 1_000;
/** Time constant of the moving average: a burst of one second does not make the machine throttled. */
const AVERAGE_OVER_MS = 2_500;

/** A state is entered above `enter` and left below `leave`, so that it does not flap. */
const thresholds = { throttled: { enter: 0.4, leave: 0.2 }, tight: { enter: 0.1, leave: 0.05 } };

/**
 * Below this quota, in cores, a text (5 to 30 ms of CPU time) uses up one or more periods of 80 or 100 ms, and a request
 * that arrives meanwhile waits for the next one. A nice value does not help, as both use the same quota.
 */
const SCARCE_CORES = 0.125;
/** With little CPU time background work starts after this long without a request. */
const QUIET_MS = 500;

/** Share of background work that remains in each state. */
const shares: Record<CpuState, number> = { free: 1, tight: 0.25, throttled: 0 };

export function createCpuMonitor({
  read,
  onChange = () => {},
  sinceRequestMs = () => Number.POSITIVE_INFINITY,
  nowMs = () => performance.now(),
}: CpuMonitorOptions): RunningCpuMonitor {
  let last = { reading: read(), atMs: nowMs() };
  let state: CpuState = 'free';
  let deniedShare = 0;
  let timer: NodeJS.Timeout | undefined;

  function reaches(level: keyof typeof thresholds, isIn: boolean): boolean {
    return deniedShare >= thresholds[level][isIn ? 'leave' : 'enter'];
  }

  function nextState(): CpuState {
    if (reaches('throttled', state === 'throttled')) return 'throttled';
    return reaches('tight', state !== 'free') ? 'tight' : 'free';
  }

  function sample(): void {
    const now = { reading: read(), atMs: nowMs() };
    const elapsedMs = now.atMs - last.atMs;
    if (elapsedMs <= 0) return;
    const deniedMs =
      now.reading.source === last.reading.source ? now.reading.deniedMs - last.reading.deniedMs : 0;
    last = now;
    const share = Math.min(1, Math.max(0, deniedMs / elapsedMs));
    deniedShare += (share - deniedShare) * (1 - Math.exp(-elapsedMs / AVERAGE_OVER_MS));
    const next = nextState();
    if (next === state) return;
    state = next;
    onChange(status());
  }

  /** Stolen time is a share of one core only while this process wants one, so it is an estimate. */
  function cores(): number | null {
    const { source, quotaCores } = last.reading;
    if (quotaCores !== undefined) return quotaCores;
    return source === 'steal' && state !== 'free' ? 1 - deniedShare : null;
  }

  function status(): CpuStatus {
    const { source } = last.reading;
    return { state, source, deniedShare: Math.round(deniedShare * 1_000) / 1_000, cores: cores() };
  }

  return {
    state: () => state,
    status,
    rejectsBackground: () =>
      state === 'throttled' || ((cores() ?? 1) < SCARCE_CORES && sinceRequestMs() < QUIET_MS),
    // One text after the other would use up the quota of several periods.
    backgroundBatch: (batchSize) => ((cores() ?? 1) < 1 ? 1 : batchSize),
    backgroundPercent: (percent) => percent * shares[state] * Math.min(1, cores() ?? 1),
    coverageBudgetMs: (budgetMs) => budgetMs * shares[state],
    sample,
    start() {
      timer = setInterval(sample, SAMPLE_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
