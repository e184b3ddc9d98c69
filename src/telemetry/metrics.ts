/** Prometheus metrics: events are counted as they happen, states are read from their owners when scraped. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { EmbedOutcome } from '../embedding/embed-on-demand.ts';
import { createReadLatency, type ReadLatency } from './read-latency.ts';
import { addSourceMetrics, type MetricSources } from './source-metrics.ts';

export interface CompletedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  /** Counts and times a request; `route` is the pattern of its path. */
  noteRequest(request: CompletedRequest): void;
  /** Time since a request was last completed, in ms; Infinity before the first. */
  sinceRequestMs(): number;
  /** {@link Metrics.noteRequest} for every request of a router. */
  readonly middleware: MiddlewareHandler;
  readonly noteRead: ReadLatency['note'];
  /** Percentiles of the same reads. */
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  /** Counts a request that was rejected before its route was known. */
  noteShed(requestClass: string): void;
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
  // Not `instance`, which Prometheus sets to the address that it scraped: behind a load balancer that names no process.
  if (sources.instance !== undefined) registry.setDefaultLabels({ service_instance: sources.instance });
  addSourceMetrics(registry, sources);

  const readLatency = createReadLatency();
  let hasProcessMetrics = false;
  let lastRequestAt = Number.NEGATIVE_INFINITY;

  /** Node's own metrics. Set up by the first scrape, as that takes a seventh of the CPU time of a start. */
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
  const shed = new Counter({
    name: 'tastematch_http_requests_shed_total',
    help: 'Requests rejected by load shedding; not among the completed requests',
    labelNames: ['class'],
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

  function noteRequest({ method, route, status, durationMs }: CompletedRequest): void {
    lastRequestAt = performance.now();
    requests.inc({ method, route, status });
    durations.observe({ route }, durationMs / 1_000);
  }

  return {
    noteRequest,
    sinceRequestMs: () => performance.now() - lastRequestAt,
    async middleware(c, next) {
      const startedAt = performance.now();
      await next();
      noteRequest({
        method: c.req.method,
        route: routePath(c, -1),
        status: c.res.status,
        durationMs: performance.now() - startedAt,
      });
    },
    noteRead(kind, durationMs) {
      readLatency.note(kind, durationMs);
      reads.observe({ kind }, durationMs / 1_000);
    },
    readLatency,
    noteShed: (requestClass) => shed.inc({ class: requestClass }),
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
