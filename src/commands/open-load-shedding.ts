/** Sets up load shedding: its limit, what it counts and what it logs. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { CpuMonitor } from '../cpu/cpu-status.ts';
import { createCrossOriginHeaders, type CrossOriginOptions } from '../http/middleware/cross-origin.ts';
import type { LoadSheddingOptions } from '../server/shed-load.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Undefined when the configuration turns it off. Rejections are counted, not logged one by one. */
export function openLoadShedding(
  { overloadWaitMs }: Pick<Config, 'overloadWaitMs'>,
  crossOrigin: CrossOriginOptions,
  cpu: Pick<CpuMonitor, 'status'>,
  metrics: Pick<Metrics, 'noteShed'>,
  log: Logger,
): LoadSheddingOptions | undefined {
  if (overloadWaitMs === 0) return undefined;
  return {
    maxWaitMs: overloadWaitMs,
    deniedShare: () => cpu.status().deniedShare,
    crossOriginHeaders: createCrossOriginHeaders(crossOrigin),
    onReject: metrics.noteShed,
    onOverload(event, rejected) {
      if (event === 'begin') log.warn('overloaded: requests that wait too long are rejected');
      else log.info({ rejected }, 'the overload is over');
    },
  };
}
