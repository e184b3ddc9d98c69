/** Sets up the backfill: throttled by the CPU time of the model process, and resumed after a restart. */
import type { CpuMonitor } from '../cpu/cpu-status.ts';
import type { Config } from '../config/config.ts';
import { createBackfill, type Backfill, type BackfillOptions } from '../embedding/backfill/backfill.ts';
import { createSharedBackfill } from '../embedding/backfill/shared-backfill.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { ChildEmbedder } from '../inference/child-embedder.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { Stores } from '../storage/open-stores.ts';

/** The setting that holds the batch size of an unfinished backfill. */
const UNFINISHED = 'backfill';

/** Share of one core. The share is 0 while the machine is throttled, and a throttle needs a share above 0. */
const LEAST_PERCENT = 1;

export function openBackfill(
  { backfillCpuPercent }: Pick<Config, 'backfillCpuPercent'>,
  { embeddings, settings, leases, instance }: Pick<Stores, 'embeddings' | 'settings' | 'leases' | 'instance'>,
  currentModel: CurrentModel,
  embedding: LazyEmbedding,
  embedder: ChildEmbedder,
  cpu: Pick<CpuMonitor, 'backgroundPercent' | 'backgroundBatch'>,
  listeners: Pick<BackfillOptions, 'onProgress' | 'onError' | 'rejectionLimit'>,
): Backfill {
  const backfill = createBackfill({
    store: embeddings,
    embedding,
    currentModel,
    isBusy: embedder.hasUrgentWork,
    cpuMicros: embedder.cpuMicros,
    batchOf: cpu.backgroundBatch,
    cpuPercent: () => Math.max(LEAST_PERCENT, cpu.backgroundPercent(backfillCpuPercent)),
    memory: {
      async load() {
        const batchSize = await settings.load(UNFINISHED);
        return batchSize === undefined ? undefined : Number(batchSize);
      },
      save: (batchSize) => settings.save(UNFINISHED, batchSize === undefined ? undefined : String(batchSize)),
    },
    ...listeners,
  });
  if (instance === undefined) return backfill;
  return createSharedBackfill({
    backfill,
    leases,
    settings,
    unfinishedSetting: UNFINISHED,
    holder: instance,
    onError: listeners.onError,
  });
}
