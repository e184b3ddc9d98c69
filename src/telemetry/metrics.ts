/** Prometheus metrics: events are counted as they happen, states are read from their owners when scraped. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { EmbedOutcome, LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { cpuStates, type CpuMonitor } from '../cpu/cpu-status.ts';
import type { MemoryControl } from '../memory/memory-status.ts';
import { createReadLatency, type ReadLatency } from './read-latency.ts';

export interface MetricSources {
  readonly embedder: Pick<Embedder, 'status'>;
  readonly embedding: Pick<LazyEmbedding, 'statistics'>;
  readonly embeddings: Pick<EmbeddingStore, 'counts'>;
  readonly memory: Pick<MemoryControl, 'status'>;
  readonly cpu: Pick<CpuMonitor, 'status'>;
  readonly currentModel: CurrentModel;
  statistics(): Promise<{ readonly walBytes: number | undefined }>;
}

export interface Metrics {
  /** Counts and times every request. */
  readonly middleware: MiddlewareHandler;
  readonly noteRead: ReadLatency['note'];
  /** Percentiles of the same reads. */
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  noteOutcome(outcome: EmbedOutcome): void;
  noteMemoryDecision(decision: string, what: string): void;
  /** The text exposition format and its media type. */
  exposition(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** In seconds; from a warm read to a cold read that waits for the model to start. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  addSourceMetrics(registry, sources);

  const readLatency = createReadLatency();
  let hasProcessMetrics = false;

  /** Node's own metrics, from the first scrape on: setting them up takes a seventh of the CPU time of a start. */
  function addProcessMetrics(): void {
    if (hasProcessMetrics) return;
    hasProcessMetrics = true;
    collectDefaultMetrics({ register: registry });
  }

  const requests = new Counter({
    name: 'tastematch_http_requests_total',
    help: 'Completed requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'tastematch_http_request_duration_seconds',
    help: 'Time from the request to its response, without sending it',
    labelNames: ['route'],
    buckets,
    registers,
  });
  const reads = new Histogram({
    name: 'tastematch_restaurant_read_seconds',
    help: 'Reads of single restaurants: cold ones embed, warm ones do not',
    labelNames: ['kind'],
    buckets,
    registers,
  });
  const failures = new Counter({
    name: 'tastematch_embedding_refusals_total',
    help: 'Embeddings that failed or were rejected, by reason',
    labelNames: ['status', 'reason'],
    registers,
  });
  const decisions = new Counter({
    name: 'tastematch_memory_decisions_total',
    help: 'Decisions of the memory governor',
    labelNames: ['decision', 'what'],
    registers,
  });

  return {
    async middleware(c, next) {
      const startedAt = performance.now();
      await next();
      const route = routePath(c, -1);
      requests.inc({ method: c.req.method, route, status: c.res.status });
      durations.observe({ route }, (performance.now() - startedAt) / 1_000);
    },
    noteRead(kind, durationMs) {
      readLatency.note(kind, durationMs);
      reads.observe({ kind }, durationMs / 1_000);
    },
    readLatency,
    noteOutcome(outcome) {
      if ('reason' in outcome) failures.inc({ status: outcome.status, reason: outcome.reason });
    },
    noteMemoryDecision: (decision, what) => decisions.inc({ decision, what }),
    async exposition() {
      addProcessMetrics();
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

function addSourceMetrics(registry: Registry, sources: MetricSources): void {
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
