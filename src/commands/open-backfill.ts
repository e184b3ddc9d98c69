/** Sets up the backfill on the embedder's own CPU time, remembered in the database. */
import type { Config } from '../config/config.ts';
import { createBackfill, type Backfill, type BackfillOptions } from '../embedding/backfill/backfill.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { ChildEmbedder } from '../inference/child-embedder.ts';
import type { Stores } from '../storage/sqlite/open.ts';

export function openBackfill(
  { backfillCpuPercent }: Pick<Config, 'backfillCpuPercent'>,
  { embeddings, unfinishedBackfill }: Pick<Stores, 'embeddings' | 'unfinishedBackfill'>,
  embedding: LazyEmbedding,
  embedder: ChildEmbedder,
  listeners: Pick<BackfillOptions, 'onProgress' | 'onError' | 'rejectionLimit'>,
): Backfill {
  return createBackfill({
    store: embeddings,
    embedding,
    isBusy: embedder.hasUrgentWork,
    cpuMicros: () => embedder.childUsage()?.cpuMicros ?? 0,
    cpuPercent: backfillCpuPercent,
    memory: {
      async load() {
        const batchSize = await unfinishedBackfill.load();
        return batchSize === undefined ? undefined : Number(batchSize);
      },
      save: (batchSize) => unfinishedBackfill.save(batchSize === undefined ? undefined : String(batchSize)),
    },
    ...listeners,
  });
}
