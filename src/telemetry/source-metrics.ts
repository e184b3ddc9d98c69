/** Metrics that are read from their owners when they are scraped. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { cpuStates, type CpuMonitor } from '../cpu/cpu-status.ts';
import type { MemoryControl } from '../memory/memory-status.ts';

export interface MetricSources {
  readonly embedder: Pick<Embedder, 'status'>;
  readonly embedding: Pick<LazyEmbedding, 'statistics'>;
  readonly embeddings: Pick<EmbeddingStore, 'counts'>;
  readonly memory: Pick<MemoryControl, 'status'>;
  readonly cpu: Pick<CpuMonitor, 'status'>;
  readonly currentModel: CurrentModel;
  /** Becomes a label of every metric. */
  readonly instance: string | undefined;
  statistics(): Promise<{ readonly walBytes: number | undefined }>;
}

export function addSourceMetrics(registry: Registry, sources: MetricSources): void {
  const { embedder, embedding, embeddings, memory, cpu, currentModel, statistics } = sources;
  const registers = [registry];

  const read = (name: string, help: string, value: () => number | Promise<number>) =>
    new Gauge({
      name: `tastematch_${name}`,
      help,
      registers,
      async collect() {
        this.set(await value());
      },
    });
  read('embedding_queue_depth', 'Texts queued or running', () => embedder.status().queued);
  read('wal_bytes', 'Size of the write-ahead log', async () => (await statistics()).walBytes ?? 0);
  read('memory_limit_bytes', 'Memory limit of the service', () => memory.status().limitBytes);
  read('memory_used_bytes', 'Memory that cannot be reclaimed', () => memory.status().usedBytes);

  read(
    'cpu_denied_ratio',
    'Share of time in which work was ready and got no CPU',
    () => cpu.status().deniedShare,
  );

  const total = (name: string, help: string, value: () => number) =>
    new Counter({
      name: `tastematch_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  total('inferences', 'Texts embedded by the model', () => embedder.status().inferences);
  total('model_loads', 'Starts of the model process', () => embedder.status().loads);
  total('model_unloads', 'Ends of the model process', () => embedder.status().unloads);
  total(
    'memory_returned_bytes',
    'Memory returned by unloads, measured',
    () => embedder.status().bytesReturned,
  );
  total(
    'single_flight_joins',
    'Callers that joined an in-flight embedding',
    () => embedding.statistics().joins,
  );
  total('text_reuses', 'Vectors copied from an identical text', () => embedding.statistics().reuses);

  const cpuGauge = new Gauge({
    name: 'tastematch_cpu_state',
    help: 'The state of the CPU is 1, the others are 0',
    labelNames: ['state'],
    registers: [],
    collect() {
      const { state } = cpu.status();
      for (const each of cpuStates) this.set({ state: each }, each === state ? 1 : 0);
    },
  });
  const byStatusGauge = new Gauge({
    name: 'tastematch_restaurants',
    help: 'Restaurants by the status of their embedding',
    labelNames: ['status'],
    registers: [],
    async collect() {
      const { total: _all, ...byStatus } = await embeddings.counts(currentModel.version());
      for (const [status, count] of Object.entries(byStatus)) this.set({ status }, count);
    },
  });
  const processGauge = new Gauge({
    name: 'tastematch_process_memory_bytes',
    help: 'Memory of the service and of the model process',
    labelNames: ['process', 'kind'],
    registers: [],
    collect() {
      const status = memory.status();
      for (const process of ['service', 'model'] as const) {
        this.set({ process, kind: 'resident' }, status[process].rssBytes);
        this.set({ process, kind: 'anonymous' }, status[process].anonymousBytes);
      }
    },
  });
  registry.registerMetric(cpuGauge);
  registry.registerMetric(byStatusGauge);
  registry.registerMetric(processGauge);
}
