/** Creates the parts of the service in the order in which they depend on each other. */
import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import { createViewCounts } from '../catalog/view-counts.ts';
import { clientLimits, effectiveRateLimit, trustsLocalClients, type Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { openCpuMonitor } from '../cpu/open-cpu-monitor.ts';
import { createCurrentModel } from '../embedding/current-model.ts';
import { createLazyEmbedding } from '../embedding/embed-on-demand.ts';
import { createTransientRetries } from '../embedding/retry-transient.ts';
import { createClientOfRequest } from '../http/middleware/client-address.ts';
import { createClientLimits } from '../http/middleware/client-limits.ts';
import { createEventHub } from '../http/routes/event-hub.ts';
import { createModelWords } from '../inference/model-words.ts';
import { createWarmRead, type RespondFirst } from '../http/warm-read.ts';
import { openGovernor } from '../memory/open-governor.ts';
import { createOnDemandCoverage } from '../search/on-demand-coverage.ts';
import { createQueryVectors } from '../search/query-vectors.ts';
import type { LoadSheddingOptions } from '../server/shed-load.ts';
import { openStores, type Stores } from '../storage/open-stores.ts';
import { createHistory } from '../telemetry/history.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { openBackfill } from './open-backfill.ts';
import { openEmbedder } from './open-embedder.ts';
import { openLoadShedding } from './open-load-shedding.ts';
import { publishModelEvents, publishOutcomes, type OutcomeEvents } from './service-events.ts';

/** SQLite blocks the event loop while it waits for another writer, so a service waits only briefly. */
const BUSY_TIMEOUT_MS = 500;

/** Texts in a batch; between batches a backfill waits for requests. */
const BACKGROUND_BATCH = 16;

export interface Service {
  readonly app: ReturnType<typeof createApp>;
  /** Answers some requests without the app. */
  readonly respondFirst: RespondFirst;
  readonly loadShedding: LoadSheddingOptions | undefined;
  readonly stores: Stores;
  readonly metrics: Metrics;
  readonly modelName: string;
  /** Embeds the whole catalogue in the background once a first response was ranked by vectors. */
  embedAllAfterFirstRanking(): void;
  /** Starts watching memory and CPU, completes the search index, and resumes a backfill that a restart interrupted. */
  start(): Promise<void>;
  /** Stops background work, then waits for `closeServers`, which completes requests, then closes everything. */
  close(closeServers: () => Promise<void>): Promise<void>;
}

export async function openService(config: Config, log: Logger): Promise<Service> {
  const logError = (message: string) => (err: unknown) => log.error({ err }, message);
  const governor = openGovernor(config, log);
  const stores = await openStores(config, {
    exclusiveModel: {},
    mayAllocate: (bytes) => governor.admits('matrix', bytes),
    onSlowVectors: (reason) => log.warn(reason),
    onIndexError: logError('the search index cannot be updated now; a later search tries again'),
    onFillError: logError('the vectors cannot be read into memory'),
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  });
  const events = createEventHub({
    changes: stores.changes,
    onError: logError('an event could not be published'),
  });
  const cpu = openCpuMonitor(log, { sinceRequestMs: () => metrics.sinceRequestMs() });
  const currentModel = createCurrentModel(stores.modelVersions, stores.modelVersions.dropUnused);
  const embedder = await openEmbedder(config, currentModel, log, {
    rejectStart: governor.rejectModel,
    rejectBackground: cpu.rejectBackground,
    onEvent: publishModelEvents(events),
  });
  const outcomes: OutcomeEvents = new EventEmitter();
  const embedding = createLazyEmbedding({
    store: stores.embeddings,
    embedder,
    currentModel,
    onStoreError: logError('the database could not store an embedding'),
    onOutcome: (outcome) => outcomes.emit('outcome', outcome),
  });
  const retries = createTransientRetries(
    (id) => embedding.embedOnDemand(id, { priority: 'background' }),
    logError('a rejected embedding cannot be retried now'),
  );
  const queryVectors = createQueryVectors(embedder, currentModel);
  const metrics = createMetrics({ ...stores, currentModel, embedder, embedding, memory: governor, cpu });
  const backfill = openBackfill(config, stores, currentModel, embedding, embedder, cpu, {
    onProgress: (progress) => events.publish({ type: 'backfill', data: { ...progress } }),
    onError: logError('the backfill met an error'),
  });
  const views = createViewCounts(stores.restaurants.addViews);

  outcomes.on('outcome', ({ restaurantId, outcome }) => retries.note(restaurantId, outcome));
  outcomes.on('outcome', ({ outcome }) => metrics.noteOutcome(outcome));
  outcomes.on('outcome', publishOutcomes(events, stores.map, currentModel, log));
  governor.onDecision(({ decision, what }) => metrics.noteMemoryDecision(decision, what));
  governor.watchModel(embedder.childMemory);
  // The cheapest to restore comes first.
  governor.addRelief({ name: 'matrix', relieve: stores.neighbours.releaseMemory });
  governor.addRelief({ name: 'query-cache', relieve: queryVectors.clear });
  governor.addRelief({ name: 'model', relieve: () => embedder.end('memory') });

  let onFirstRanking: (() => void) | undefined;
  const limits = { ...clientLimits(config), rateLimit: effectiveRateLimit(config) };
  const crossOrigin = { corsOrigins: config.corsOrigins, trustsLocalClients: trustsLocalClients(config) };
  const clientOf = createClientOfRequest(config.trustProxy);
  const countRequest = createClientLimits({ ...limits, clientOf });
  const app = createApp({
    ...stores,
    onRanked: () => onFirstRanking?.(),
    config: { ...config, ...limits, ...crossOrigin },
    clientOfRequest: clientOf,
    countRequest,
    version,
    modelName: embedder.modelName,
    embedding,
    currentModel,
    embedder,
    backfill,
    views,
    store: stores.search,
    dictionary: createModelWords(config.modelDir),
    onDemandCoverage: createOnDemandCoverage({
      store: stores.search,
      embedding,
      currentModel,
      budgetMs: () => cpu.coverageBudgetMs(config.topUpMs),
    }),
    queryVectors,
    memory: governor,
    cpu,
    metrics,
    events,
    history: createHistory({ memory: governor, embedder, cpu }),
    log,
  });

  return {
    app,
    respondFirst: createWarmRead({
      ...stores,
      ...crossOrigin,
      currentModel,
      views,
      metrics,
      log,
      countRequest,
    }),
    loadShedding: openLoadShedding(config, crossOrigin, cpu, metrics, log),
    stores,
    metrics,
    modelName: embedder.modelName,
    embedAllAfterFirstRanking() {
      onFirstRanking = () => {
        onFirstRanking = undefined;
        backfill.start({ batchSize: BACKGROUND_BATCH }).catch(logError('the backfill cannot start'));
      };
    },
    async start() {
      governor.start();
      cpu.start();
      void stores.completeSearchIndex();
      await backfill.resume();
    },
    async close(closeServers) {
      governor.stop();
      cpu.stop();
      events.close();
      retries.close();
      const backfillClosed = backfill.close();
      await closeServers();
      await embedder.close();
      await backfillClosed;
      await views.close();
      await stores.close();
    },
  };
}
