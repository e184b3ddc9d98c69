/** Memory of a process as Linux counts it. */
import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly rssBytes: number;
  /** Not backed by a file, so the kernel cannot drop it. */
  readonly anonymousBytes: number;
}

/** Undefined without /proc, or when the process is gone. */
export function readProcessMemory(pid: number | 'self'): ProcessMemory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
    return { rssBytes: kilobytes('VmRSS') * 1024, anonymousBytes: kilobytes('RssAnon') * 1024 };
  } catch {
    return undefined;
  }
}

/** Resident bytes of this process and another one together; undefined without /proc. */
export function residentBytesWith(pid: number): number | undefined {
  const own = readProcessMemory('self');
  return own && own.rssBytes + (readProcessMemory(pid)?.rssBytes ?? 0);
}
