/** The application: middleware, routes, one error handler. It never listens. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { every } from 'hono/combine';
import type { ExportStore } from './transfer/export-store.ts';
import type { ImportStore } from './transfer/import-restaurants.ts';
import type { RestaurantStore } from './catalog/restaurant-store.ts';
import type { ViewCounts } from './catalog/view-counts.ts';
import type { Backfill } from './embedding/backfill/backfill.ts';
import type { LazyEmbedding } from './embedding/embed-on-demand.ts';
import type { Embedder } from './embedding/embedder.ts';
import type { EmbeddingStore } from './embedding/embedding-store.ts';
import type { MemoryControl } from './memory/memory-status.ts';
import { createVectorAdmission } from './http/middleware/vector-admission.ts';
import { createApiKeyGuard } from './http/middleware/api-key.ts';
import { addBackfillRoutes } from './http/routes/backfill-routes.ts';
import { addDocumentationRoutes } from './http/routes/documentation-routes.ts';
import { addEmbeddingRoutes } from './http/routes/embedding-routes.ts';
import { createErrorHandler, type ErrorLog } from './http/middleware/error-handler.ts';
import { addEventsRoute } from './http/routes/events-route.ts';
import type { EventHub } from './http/routes/event-hub.ts';
import { addHealthRoutes } from './http/routes/health-routes.ts';
import { limitBody } from './http/middleware/limit-body.ts';
import { limitStreams } from './http/middleware/limit-streams.ts';
import { addListRestaurantsRoute } from './http/routes/list-restaurants-route.ts';
import { addMapRoute } from './http/routes/map-route.ts';
import { createLoopLag } from './telemetry/loop-lag.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { addMetricsRoute } from './http/routes/metrics-route.ts';
import { addMiddleware, type MiddlewareOptions } from './http/middleware/middleware.ts';
import { addModelRoutes } from './http/routes/model-routes.ts';
import { Problem, problemResponse } from './http/contract/problem.ts';
import { createReadLatency } from './telemetry/read-latency.ts';
import { addReadRestaurantRoute } from './http/routes/read-restaurant-route.ts';
import { addRecommendationsRoute } from './http/routes/recommendations-route.ts';
import type { RequestLog } from './http/middleware/request-log.ts';
import { createRouter } from './http/contract/router.ts';
import { addSearchRoute } from './http/routes/search-route.ts';
import { addSimilarRoute } from './http/routes/similar-route.ts';
import { serialise } from './http/middleware/serialise.ts';
import { addTransferRoutes } from './http/routes/transfer-routes.ts';
import { addWriteRestaurantRoutes } from './http/routes/write-restaurant-routes.ts';
import type { SearchDependencies } from './search/search.ts';
import type { VectorMap } from './search/vector-map.ts';
import { addAssets } from './explorer/assets.ts';
import { addPages } from './explorer/page-routes.tsx';
import { showProblem } from './explorer/problem-page.tsx';

export interface AppDependencies extends Omit<SearchDependencies, 'embedWaitMs'> {
  readonly config: Omit<MiddlewareOptions, 'log' | 'metrics'> & {
    readonly apiKeyDigests: readonly Uint8Array[];
    readonly embedWaitMs: number;
    readonly maxBodyBytes: number;
    readonly maxVectorQueries: number;
    readonly metricsPort: number;
  };
  readonly checkReadable: () => Promise<void>;
  readonly version: string;
  readonly modelName: string;
  readonly restaurants: RestaurantStore;
  readonly imports: ImportStore;
  readonly embeddings: EmbeddingStore;
  readonly exports: ExportStore;
  readonly embedding: LazyEmbedding;
  readonly backfill: Backfill;
  readonly views: ViewCounts;
  readonly map: VectorMap;
  readonly embedder: Embedder;
  readonly memory: MemoryControl;
  readonly metrics: Metrics;
  readonly events: EventHub;
  readonly log: ErrorLog & RequestLog;
}

export function createApp(dependencies: AppDependencies): OpenAPIHono {
  const { config, log, metrics } = dependencies;
  const app = createRouter();
  const toProblem = createErrorHandler(log);
  app.onError((error, c) => showProblem(c, toProblem(error, c)));
  app.notFound((c) =>
    showProblem(c, problemResponse(c, new Problem('path-not-found', `There is nothing at ${c.req.path}.`))),
  );
  addMiddleware(app, { ...config, log, metrics });
  addApiRoutes(app, dependencies);
  addDocumentationRoutes(app, dependencies.version);
  return app;
}

type SchemaOf<Router> = Router extends Hono<infer _Env, infer Schema, infer _Path> ? Schema : never;
type Added<Add extends (...given: never[]) => unknown> = SchemaOf<ReturnType<Add>>;

/** Every route with its parameters and answers, for the typed client. */
export type ApiSchema = Added<typeof addHealthRoutes> &
  Added<typeof addListRestaurantsRoute> &
  Added<typeof addTransferRoutes> &
  Added<typeof addReadRestaurantRoute> &
  Added<typeof addWriteRestaurantRoutes> &
  Added<typeof addSimilarRoute> &
  Added<typeof addRecommendationsRoute> &
  Added<typeof addSearchRoute> &
  Added<typeof addBackfillRoutes> &
  Added<typeof addEmbeddingRoutes> &
  Added<typeof addModelRoutes> &
  Added<typeof addMapRoute> &
  Added<typeof addEventsRoute>;

/** Parts of pages that rank by vectors. */
const vectorFragments = ['/explore/restaurants/:id/similar', '/explore/recommendations/results'];

function addApiRoutes(app: OpenAPIHono, dependencies: AppDependencies): void {
  const { config, metrics, memory } = dependencies;
  const keyGuard = createApiKeyGuard(config.apiKeyDigests);
  const bodies = limitBody(config.maxBodyBytes);
  // A body is read only for those who have the key; all of them together must fit into one budget.
  const guard = every(keyGuard, bodies);
  const readLatency = createReadLatency();
  const guarded = { ...dependencies, guard };
  const waiting = { ...dependencies, embedWaitMs: config.embedWaitMs };

  addHealthRoutes(app, dependencies);
  const turns = serialise();
  app.use('/restaurants', (c, next) => (c.req.query('sort') === 'distance' ? turns(c, next) : next()));
  app.use('/map', turns);
  addListRestaurantsRoute(app, dependencies);
  // The body of an import is a stream, read in bounded memory however long it is.
  addTransferRoutes(app, { ...dependencies, guard: keyGuard });
  addReadRestaurantRoute(app, {
    ...waiting,
    onRead({ kind, durationMs }) {
      readLatency.note(kind, durationMs);
      metrics.noteRead(kind, durationMs);
    },
  });
  addWriteRestaurantRoutes(app, guarded);
  app.use('/recommendations', bodies);
  const admission = createVectorAdmission(memory, config.maxVectorQueries, createLoopLag());
  for (const path of ['/restaurants/:id/similar', '/recommendations', '/search', ...vectorFragments])
    app.use(path, admission.middleware);
  addSimilarRoute(app, waiting);
  addRecommendationsRoute(app, waiting);
  addSearchRoute(app, waiting);
  addBackfillRoutes(app, guarded);
  addEmbeddingRoutes(app, guarded);
  addModelRoutes(app, { ...guarded, readLatency });
  addMapRoute(app, dependencies);
  app.use('/events', limitStreams(config.trustProxy === 'fly'));
  addEventsRoute(app, dependencies);
  addPages(app, { ...waiting, readLatency, admission });
  addAssets(app);
  if (config.metricsPort === 0) addMetricsRoute(app, guarded);
}
