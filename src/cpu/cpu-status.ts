/** The port to the CPU monitor: how much CPU time the machine gives the service. */

/**
 * - `free`: work gets CPU time when it is ready.
 * - `tight`: work waits noticeably; background work is reduced.
 * - `throttled`: work waits for a large part of the time; only what a client waits for runs.
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
  /** True when background work would make clients wait now. */
  rejectsBackground(): boolean;
  /** Background texts that may run without a pause now; `batchSize` in the state `free`. */
  backgroundBatch(batchSize: number): number;
  /** Share of one core that background work may use now, in percent; `percent` in the state `free`. */
  backgroundPercent(percent: number): number;
  /** Time that a search may spend now on embedding restaurants, in ms; `budgetMs` in the state `free`. */
  coverageBudgetMs(budgetMs: number): number;
}
