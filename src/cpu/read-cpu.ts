/** How long ready work was kept from running, as the kernel counts it. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CpuStatus } from './cpu-status.ts';

export interface CpuReading {
  readonly source: CpuStatus['source'];
  /** Since boot, or since the cgroup was made; in ms of wall clock time. Grows by at most the time between two readings. */
  readonly deniedMs: number;
  /** The quota, in cores; undefined without one. */
  readonly quotaCores?: number | undefined;
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const field = (text: string, name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);

/** USER_HZ, the unit of /proc/stat, is 100 on every architecture that Node supports. */
const MS_PER_TICK = 10;

/**
 * The quota of the process's own cgroup (v2, then v1); without a quota the time stolen by the hypervisor, which is how
 * a virtual machine sees its own throttling. `root` is for tests. Costs about 50 µs.
 */
export function readCpu(root = '/'): CpuReading {
  return readCgroupV2(root) ?? readCgroupV1(root) ?? readSteal(root) ?? { source: 'none', deniedMs: 0 };
}

function readCgroupV2(root: string): CpuReading | undefined {
  const own = /^0::(.*)$/m.exec(read(join(root, 'proc/self/cgroup')))?.[1];
  if (own === undefined) return undefined;
  // In a container the group's own path is not visible: its files lie at the top.
  for (const folder of [join(root, 'sys/fs/cgroup', own), join(root, 'sys/fs/cgroup')]) {
    const [quota, period] = read(join(folder, 'cpu.max')).split(' ').map(Number);
    if (!quota || !period) continue;
    const deniedMs = field(read(join(folder, 'cpu.stat')), 'throttled_usec') / 1_000;
    return { source: 'cgroup-v2', deniedMs, quotaCores: quota / period };
  }
  return undefined;
}

function readCgroupV1(root: string): CpuReading | undefined {
  const groups = read(join(root, 'proc/self/cgroup'));
  const own = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1];
  if (own === undefined) return undefined;
  for (const folder of [join(root, 'sys/fs/cgroup/cpu', own), join(root, 'sys/fs/cgroup/cpu')]) {
    const quota = Number(read(join(folder, 'cpu.cfs_quota_us')));
    const period = Number(read(join(folder, 'cpu.cfs_period_us')));
    if (!(quota > 0 && period > 0)) continue;
    const deniedMs = field(read(join(folder, 'cpu.stat')), 'throttled_time') / 1e6;
    return { source: 'cgroup-v1', deniedMs, quotaCores: quota / period };
  }
  return undefined;
}

function readSteal(root: string): CpuReading | undefined {
  const [total = ''] = read(join(root, 'proc/stat')).split('\n');
  const [name, ...ticks] = total.split(/\s+/);
  const steal = Number(ticks[7]);
  if (name !== 'cpu' || Number.isNaN(steal)) return undefined;
  return { source: 'steal', deniedMs: (steal * MS_PER_TICK) / availableParallelism() };
}
