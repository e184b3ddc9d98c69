/** `tastematch serve`: wires the rooms together, listens, and shuts down without losing an answer. */
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { createViewCounts } from '../catalog/view-counts.ts';
import { clientLimits, effectiveRateLimit, trustsLocalClients, type Config } from '../config/config.ts';
import { createModelWords } from '../inference/model-words.ts';
import { createLazyEmbedding } from '../embedding/embed-on-demand.ts';
import { createTransientRetries } from '../embedding/retry-transient.ts';
import { createEventHub } from '../http/routes/event-hub.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createQueryVectors } from '../search/query-vectors.ts';
import { createOnDemandCoverage } from '../search/on-demand-coverage.ts';
import { listen } from '../server/listen.ts';
import { listenForMetrics } from '../server/listen-for-metrics.ts';
import { nextStopSignal } from '../server/stop-signal.ts';
import { loadSampleData } from './load-sample-data.ts';
import { openCpuMonitor } from '../cpu/open-cpu-monitor.ts';
import { openBackfill } from './open-backfill.ts';
import { openEmbedder } from './open-embedder.ts';
import { openGovernor } from '../memory/open-governor.ts';
import { createCurrentModel } from '../embedding/current-model.ts';
import { openStores } from '../storage/open-stores.ts';
import { embeddingEvent, modelEvent } from './service-events.ts';
import { version } from '../config/version.ts';
import { addressOf, printFirstSteps } from './first-steps.ts';

/** In-flight requests are given this long; the platform's kill follows at 5 s. */
const SHUTDOWN_GRACE_MS = 3_500;

/** SQLite waits on the thread that answers everyone, so a service waits for other writers only briefly. */
const BUSY_TIMEOUT_MS = 500;

export async function serve(config: Config, { sampleData }: { readonly sampleData: boolean }): Promise<void> {
  const log = pino({ level: config.logLevel });
  const governor = openGovernor(
    config,
    {
      dropInt8Index: () => stores.neighbours.releaseMemory(),
      clearQueries: () => queryVectors.clear(),
      endModel: () => embedder.end('memory'),
      modelUsage: () => embedder.childMemory(),
    },
    log,
    ({ decision, what }) => metrics.noteMemoryDecision(decision, what),
  );
  const stores = await openStores(config, {
    exclusiveModel: {},
    mayAllocate: (bytes) => governor.admits('matrix', bytes),
    onSlowVectors: (reason) => log.warn(reason),
    onIndexError: (err) => log.error({ err }, 'the search index cannot be brought up to date now'),
    onFillError: (err) => log.error({ err }, 'the vectors cannot be read into memory'),
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  });
  const events = createEventHub({
    changes: stores.changes,
    onError: (err) => log.error({ err }, 'an event could not be published'),
  });
  const cpu = openCpuMonitor(log);
  const currentModel = createCurrentModel(stores.modelVersions, stores.modelVersions.dropUnused);
  const embedder = await openEmbedder(config, currentModel, log, {
    rejectStart: governor.rejectModel,
    rejectBackground: cpu.rejectBackground,
    onEvent(event) {
      const published = modelEvent(event);
      if (published) events.publish(published);
    },
  });
  const retries = createTransientRetries(
    (id) => embedding.embedOnDemand(id, { priority: 'background' }),
    (err) => log.error({ err }, 'a refused embedding cannot be tried again now'),
  );
  const embedding = createLazyEmbedding({
    store: stores.embeddings,
    embedder,
    currentModel,
    onStoreError: (err) => log.error({ err }, 'the database could not take an embedding'),
    onOutcome({ restaurantId, outcome }) {
      retries.note(restaurantId, outcome);
      metrics.noteOutcome(outcome);
      embeddingEvent(restaurantId, outcome, stores.map, currentModel.version()).then(
        (event) => event && events.publish(event),
        (err: unknown) => log.error({ err }, 'an event could not be published'),
      );
    },
  });
  const queryVectors = createQueryVectors(embedder, currentModel);
  const metrics = createMetrics({ ...stores, currentModel, embedder, embedding, memory: governor, cpu });
  const backfill = openBackfill(config, stores, currentModel, embedding, embedder, cpu, {
    onProgress: (progress) => events.publish({ type: 'backfill', data: { ...progress } }),
    onError: (err) => log.error({ err }, 'the backfill met an error'),
  });
  const views = createViewCounts(stores.restaurants.addViews);
  const loaded = sampleData ? await loadSampleData(stores) : 0;

  const app = createApp({
    ...stores,
    config: {
      ...config,
      ...clientLimits(config),
      rateLimit: effectiveRateLimit(config),
      trustsLocalClients: trustsLocalClients(config),
    },
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
    log,
  });
  // Before `listening` is logged, so that a signal that follows at once is not lost.
  const stopSignal = nextStopSignal();
  // First: a port that is taken must not leave a service behind that answers and was reported as failed.
  const metricsServer = config.metricsPort > 0 ? await listenForMetrics(config, metrics, log) : undefined;
  const server = await listen(app.fetch, {
    ...config,
    ...clientLimits(config),
  }).catch(async (error: unknown) => {
    await metricsServer?.close(0);
    throw error;
  });
  governor.start();
  cpu.start();
  const address = addressOf(config.host, server.port);
  log.info(
    { address, database: config.databaseUrl ? 'PostgreSQL' : config.databasePath, model: embedder.modelName },
    'listening',
  );
  void stores.completeSearchIndex();
  if (sampleData) printFirstSteps(address, loaded);
  await backfill.resume();

  const signal = await stopSignal;
  log.info({ signal }, 'shutting down');
  governor.stop();
  cpu.stop();
  events.close();
  retries.close();
  const backfillClosed = backfill.close();
  await Promise.all([server.close(SHUTDOWN_GRACE_MS), metricsServer?.close(SHUTDOWN_GRACE_MS)]);
  await embedder.close();
  await backfillClosed;
  await views.close();
  await stores.close();
  log.info('stopped');
}
