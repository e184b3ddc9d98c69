/** Sets up the CPU monitor: what it reads and what it logs. */
import type { Logger } from 'pino';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import { createCpuMonitor, type RunningCpuMonitor } from './cpu-monitor.ts';
import { readCpu } from './read-cpu.ts';

export interface OpenCpuMonitor extends RunningCpuMonitor {
  /** The error with which background texts are rejected while the machine is throttled. */
  rejectBackground(): EmbeddingError | undefined;
}

export function openCpuMonitor(log: Logger): OpenCpuMonitor {
  const monitor = createCpuMonitor({
    read: () => readCpu(),
    onChange(status) {
      const level = status.state === 'throttled' ? 'warn' : 'info';
      log[level](status, `cpu: ${status.state}`);
    },
  });
  return {
    ...monitor,
    rejectBackground() {
      if (monitor.state() !== 'throttled') return undefined;
      return new EmbeddingError('cpu', 'the machine gives too little CPU time for background work');
    },
  };
}
