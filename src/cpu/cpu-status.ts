/** The port through which the service knows how much CPU time the machine gives it. */

/**
 * - `free`: work gets CPU time when it is ready.
 * - `tight`: it waits noticeably; background work shrinks.
 * - `throttled`: it waits for a large part of the time; background work stops and only what a client waits for runs.
 */
export const cpuStates = ['free', 'tight', 'throttled'] as const;
export type CpuState = (typeof cpuStates)[number];

export interface CpuStatus {
  readonly state: CpuState;
  /** What the state is derived from: throttling by a CPU quota, or time that the hypervisor gave to others. */
  readonly source: 'cgroup-v2' | 'cgroup-v1' | 'steal' | 'none';
  /** Share of the last seconds in which work was ready to run and got no CPU time, 0–1. */
  readonly deniedShare: number;
  /** CPU time that the machine gives in the long run, in cores; null where nothing limits it. */
  readonly cores: number | null;
}

export interface CpuMonitor {
  state(): CpuState;
  status(): CpuStatus;
  /** Share of one core that background work may use, in percent, of `percent` on a core that is wholly free. */
  backgroundPercent(percent: number): number;
  /** Time that a search may spend on embedding restaurants for its answer, of `budgetMs` in the state `free`. */
  coverageBudgetMs(budgetMs: number): number;
}
