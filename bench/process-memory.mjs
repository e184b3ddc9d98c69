/** Memory of processes, as the kernel counts it: resident, proportional share of what is shared, anonymous. */
import { readFileSync } from 'node:fs';

const FIELDS = ['rssMb', 'pssMb', 'anonymousMb', 'peakRssMb'];
export const nothing = Object.fromEntries(FIELDS.map((field) => [field, 0]));

/** In MB; zeros for a process that is not there. */
export function memoryOf(pid) {
  if (!pid) return nothing;
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (text, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1_024;
  return {
    rssMb: mb(rollup, 'Rss'),
    pssMb: mb(rollup, 'Pss'),
    anonymousMb: mb(rollup, 'Anonymous'),
    peakRssMb: mb(status, 'VmHWM'),
  };
}

export const sumOf = (...memories) =>
  Object.fromEntries(FIELDS.map((field) => [field, memories.reduce((sum, one) => sum + one[field], 0)]));
