/** The memory limit, and how much is used by what cannot be reclaimed. */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { readProcessMemory } from './process-memory.ts';

export interface MemoryReading {
  readonly limitBytes: number;
  /** Without page cache: memory that the kernel can free only by killing processes. */
  readonly usedBytes: number;
  readonly source: 'cgroup-v2' | 'cgroup-v1' | 'machine' | 'configured';
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};

const field = (text: string | undefined, name: string) =>
  Number(new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '')?.[1] ?? Number.NaN);

/** The lower of the cgroup's limit (v2, then v1) and the machine's memory. `root` is for tests. */
export function readMemory(root = '/'): MemoryReading {
  const machine = readMachine(root);
  const inGroup = readCgroupV2(root) ?? readCgroupV1(root);
  return inGroup && inGroup.limitBytes < machine.limitBytes ? inGroup : machine;
}

/** Only the memory of these processes counts towards a configured limit. */
export function readConfiguredMemory(limitBytes: number, pids: readonly (number | 'self')[]): MemoryReading {
  const usedBytes = pids.reduce((sum: number, pid) => sum + (readProcessMemory(pid)?.anonymousBytes ?? 0), 0);
  return { limitBytes, usedBytes, source: 'configured' };
}

function readCgroupV2(root: string): MemoryReading | undefined {
  const own = /^0::(.*)$/m.exec(read(join(root, 'proc/self/cgroup')) ?? '')?.[1];
  if (own === undefined) return undefined;
  // In a container the group's own path is not visible: its files lie at the top.
  for (const folder of [join(root, 'sys/fs/cgroup', own), join(root, 'sys/fs/cgroup')]) {
    const limitBytes = Number(read(join(folder, 'memory.max')));
    const stat = read(join(folder, 'memory.stat'));
    if (!(limitBytes > 0) || stat === undefined) continue;
    const usedBytes = field(stat, 'anon') + (field(stat, 'kernel') || 0);
    return { limitBytes, usedBytes, source: 'cgroup-v2' };
  }
  return undefined;
}

function readCgroupV1(root: string): MemoryReading | undefined {
  const own = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(
    read(join(root, 'proc/self/cgroup')) ?? '',
  )?.[1];
  if (own === undefined) return undefined;
  for (const folder of [join(root, 'sys/fs/cgroup/memory', own), join(root, 'sys/fs/cgroup/memory')]) {
    const limitBytes = Number(read(join(folder, 'memory.limit_in_bytes')));
    const stat = read(join(folder, 'memory.stat'));
    if (!(limitBytes > 0) || stat === undefined) continue;
    const kernelBytes = Number(read(join(folder, 'memory.kmem.usage_in_bytes')) ?? 0);
    return { limitBytes, usedBytes: field(stat, 'total_rss') + kernelBytes, source: 'cgroup-v1' };
  }
  return undefined;
}

function readMachine(root: string): MemoryReading {
  const info = read(join(root, 'proc/meminfo'));
  const limitBytes = field(info, 'MemTotal') * 1024 || totalmem();
  const availableBytes = field(info, 'MemAvailable') * 1024 || freemem();
  return { limitBytes, usedBytes: limitBytes - availableBytes, source: 'machine' };
}
