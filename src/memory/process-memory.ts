/** Memory of a process as the kernel counts it. */
import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly rssBytes: number;
  /** What cannot be dropped and read again from a file. */
  readonly anonymousBytes: number;
}

/** Undefined where there is no /proc, or the process is gone. */
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
