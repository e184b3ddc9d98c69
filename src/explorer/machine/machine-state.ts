/** Everything that the page of the machine shows, read at one moment. */
import type { Backfill } from '../../embedding/backfill/backfill.ts';
import type { BackfillProgress } from '../../embedding/backfill/backfill-progress.ts';
import type { CpuMonitor, CpuStatus } from '../../cpu/cpu-status.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { Embedder, EmbedderStatus } from '../../embedding/embedder.ts';
import type { EmbeddingCounts, EmbeddingStore } from '../../embedding/embedding-store.ts';
import type { EventHub, RecentEvent } from '../../http/routes/event-hub.ts';
import type { MemoryControl, MemoryStatus } from '../../memory/memory-status.ts';
import type { History, Sample } from '../../telemetry/history.ts';
import type { LatencySummary, ReadLatency } from '../../telemetry/read-latency.ts';

export interface MachineState {
  readonly modelName: string;
  readonly counts: EmbeddingCounts;
  readonly model: EmbedderStatus;
  readonly memory: MemoryStatus;
  readonly cpu: CpuStatus;
  readonly reads: { readonly cold: LatencySummary; readonly warm: LatencySummary };
  readonly backfill: BackfillProgress;
  readonly samples: readonly Sample[];
  readonly minutes: number;
  /** The latest first. */
  readonly events: readonly RecentEvent[];
}

export interface MachineDependencies {
  readonly embeddings: Pick<EmbeddingStore, 'counts'>;
  readonly currentModel: CurrentModel;
  readonly embedder: Pick<Embedder, 'status'>;
  readonly backfill: Pick<Backfill, 'progress'>;
  readonly memory: Pick<MemoryControl, 'status'>;
  readonly cpu: Pick<CpuMonitor, 'status'>;
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  readonly history: History;
  readonly events: Pick<EventHub, 'recent'>;
  readonly modelName: string;
}

const EVENTS = 12;

export async function readMachine(dependencies: MachineDependencies): Promise<MachineState> {
  const { embeddings, currentModel, embedder, memory, readLatency, backfill, history } = dependencies;
  return {
    modelName: dependencies.modelName,
    counts: await embeddings.counts(currentModel.version()),
    model: embedder.status(),
    memory: memory.status(),
    cpu: dependencies.cpu.status(),
    reads: readLatency.summary(),
    backfill: await backfill.progress(),
    samples: history.samples(),
    minutes: history.minutes(),
    events: dependencies.events.recent(EVENTS),
  };
}
