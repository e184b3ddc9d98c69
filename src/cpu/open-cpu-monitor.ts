/** Sets up the CPU monitor: what it reads and what it logs. */
import type { Logger } from 'pino';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import { createCpuMonitor, type CpuMonitorOptions, type RunningCpuMonitor } from './cpu-monitor.ts';
import { readCpu } from './read-cpu.ts';

export interface OpenCpuMonitor extends RunningCpuMonitor {
  /** The error with which background texts are rejected while they would make clients wait. */
  rejectBackground(): EmbeddingError | undefined;
}

export function openCpuMonitor(
  log: Logger,
  options: Pick<CpuMonitorOptions, 'sinceRequestMs'>,
): OpenCpuMonitor {
  const monitor = createCpuMonitor({
    ...options,
    read: () => readCpu(),
    onChange(status) {
      const level = status.state === 'throttled' ? 'warn' : 'info';
      log[level](status, `cpu: ${status.state}`);
    },
  });
  return {
    ...monitor,
    rejectBackground() {
      if (!monitor.rejectsBackground()) return undefined;
      return new EmbeddingError('cpu', 'the machine gives too little CPU time for background work');
    },
  };
}
