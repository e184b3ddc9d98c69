/** `tastematch serve`: wires the rooms together, listens, and shuts down without losing an answer. */
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { createViewCounts } from '../catalog/view-counts.ts';
import type { Config } from '../config.ts';
import { createLazyEmbedding } from '../embedding/embed-on-demand.ts';
import { createRefusedRetries } from '../embedding/retry-refused.ts';
import { createQueryVectors } from '../similarity/query-vectors.ts';
import { createTopUp } from '../similarity/top-up.ts';
import { listen } from './listen.ts';
import { loadSampleData } from './load-sample-data.ts';
import { openBackfill } from './open-backfill.ts';
import { openEmbedder } from './open-embedder.ts';
import { openStores } from './open-stores.ts';

/** In-flight requests are given this long; the platform's kill follows at 5 s. */
const SHUTDOWN_GRACE_MS = 3_500;

export async function serve(config: Config, { sampleData }: { readonly sampleData: boolean }): Promise<void> {
  const log = pino({ level: config.logLevel });
  const stores = openStores(config);
  const embedder = await openEmbedder(config, stores.embeddings, log);
  const retries = createRefusedRetries((id) => embedding.embedOnDemand(id, { priority: 'background' }));
  const embedding = createLazyEmbedding({
    store: stores.embeddings,
    embedder,
    onOutcome: ({ restaurantId, outcome }) => retries.note(restaurantId, outcome),
  });
  const backfill = openBackfill(config, stores, embedding, embedder);
  const views = createViewCounts(stores.restaurants.addViews);
  const loaded = sampleData ? await loadSampleData(stores.restaurants) : 0;

  const app = createApp({
    ...stores,
    config,
    modelName: embedder.modelName,
    embedding,
    embedder,
    backfill,
    views,
    store: stores.similarity,
    topUp: createTopUp({ store: stores.similarity, embedding, budgetMs: config.topUpMs }),
    queryVectors: createQueryVectors(embedder),
    log,
  });
  const server = await listen(app.fetch, config);
  const address = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${server.port}`;
  log.info({ address, database: config.databasePath, model: embedder.modelName }, 'listening');
  if (sampleData) printFirstSteps(address, loaded);
  await backfill.resume();

  const signal = await nextSignal();
  log.info({ signal }, 'shutting down');
  retries.close();
  const backfillClosed = backfill.close();
  await server.close(SHUTDOWN_GRACE_MS);
  await embedder.close();
  await backfillClosed;
  await views.close();
  stores.close();
  log.info('stopped');
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  });
}

function printFirstSteps(address: string, loaded: number): void {
  const catalogue = loaded > 0 ? `${loaded} sample restaurants were loaded, none of them embedded yet.` : '';
  process.stdout.write(`
TasteMatch serves ${address}
${catalogue}
Try, in another terminal:
  curl ${address}/restaurants/1                    the first read embeds it
  curl ${address}/restaurants/1                    the second one finds it ready
  curl '${address}/search?q=feijoada'              search by words and by meaning
  curl ${address}/embeddings                       how much of the catalogue is embedded

`);
}
