/** The application: middleware, routes and one error handler. It does not listen. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import type { ExportStore } from './transfer/export-store.ts';
import type { ChangeLog } from './catalog/change-log.ts';
import type { RestaurantStore } from './catalog/restaurant-store.ts';
import type { ViewCounts } from './catalog/view-counts.ts';
import type { Backfill } from './embedding/backfill/backfill.ts';
import type { LazyEmbedding } from './embedding/embed-on-demand.ts';
import type { Embedder } from './embedding/embedder.ts';
import type { EmbeddingStore } from './embedding/embedding-store.ts';
import { addRobots, mountExplorer, showProblem } from './explorer/mount-explorer.ts';
import { shorten } from './http/contract/shorten.ts';
import { Problem, problemResponse } from './http/contract/problem.ts';
import { createRouter } from './http/contract/router.ts';
import { createClientOf, type ClientOf, type ClientOfRequest } from './http/middleware/client-address.ts';
import type { CountRequest } from './http/middleware/client-limits.ts';
import { createErrorHandler, type ErrorLog } from './http/middleware/error-handler.ts';
import { addEveryRequestMiddleware, type EveryRequestOptions } from './http/middleware/every-request.ts';
import type { RequestLog } from './http/middleware/request-log.ts';
import {
  createRoutePolicies,
  type RoutePolicies,
  type RoutePolicyOptions,
} from './http/middleware/route-policies.ts';
import { addBackfillRoutes } from './http/routes/backfill-routes.ts';
import { addBackupRoute } from './http/routes/backup-route.ts';
import { addChangesRoute } from './http/routes/changes-route.ts';
import { addDocumentationRoutes } from './http/routes/documentation-routes.ts';
import { addEmbeddingRoutes } from './http/routes/embedding-routes.ts';
import type { EventHub } from './http/routes/event-hub.ts';
import { addEventsRoute } from './http/routes/events-route.ts';
import { addHealthRoutes } from './http/routes/health-routes.ts';
import { addExportRoute } from './http/routes/export-route.ts';
import { addImportRoute } from './http/routes/import-route.ts';
import { addListRestaurantsRoute } from './http/routes/list-restaurants-route.ts';
import { addMapRoute } from './http/routes/map-route.ts';
import { addMetricsRoute } from './http/routes/metrics-route.ts';
import { addModelRoutes } from './http/routes/model-routes.ts';
import { addReadRestaurantRoute, type ReadTiming } from './http/routes/read-restaurant-route.ts';
import { addRecommendationsRoute } from './http/routes/recommendations-route.ts';
import { addSearchRoute } from './http/routes/search-route.ts';
import { addSimilarRoute } from './http/routes/similar-route.ts';
import { addSuggestRoute } from './http/routes/suggest-route.ts';
import { addWriteRestaurantRoutes } from './http/routes/write-restaurant-routes.ts';
import type { CpuMonitor } from './cpu/cpu-status.ts';
import type { MemoryControl } from './memory/memory-status.ts';
import type { SearchDependencies } from './search/search.ts';
import type { VectorMap } from './search/vector-map.ts';
import { createFirstReads } from './telemetry/first-reads.ts';
import type { History } from './telemetry/history.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { ImportStore } from './transfer/import-restaurants.ts';

type AppConfig = Omit<EveryRequestOptions, 'log' | 'metrics' | 'clientOf' | 'countRequest'> &
  Omit<RoutePolicyOptions, 'memory' | 'clientOf'> & {
    readonly embedWaitMs: number;
    readonly databasePath: string;
    readonly hasExplorer: boolean;
    readonly metricsPort: number;
  };

export interface AppDependencies extends Omit<SearchDependencies, 'embedWaitMs'> {
  readonly config: AppConfig;
  readonly clientOfRequest: ClientOfRequest;
  readonly countRequest: CountRequest;
  readonly checkReadable: () => Promise<void>;
  readonly backUp: ((path: string) => Promise<void>) | undefined;
  readonly changeLog: ChangeLog;
  readonly version: string;
  readonly modelName: string;
  /** Identifies this process among those that share the database. */
  readonly instance: string | undefined;
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
  readonly cpu: Pick<CpuMonitor, 'status'>;
  readonly metrics: Metrics;
  readonly events: EventHub;
  readonly history: History;
  readonly log: ErrorLog & RequestLog;
}

export function createApp(dependencies: AppDependencies): OpenAPIHono {
  const { config, memory } = dependencies;
  const app = createRouter();
  const toProblem = createErrorHandler(dependencies.log);
  const show = config.hasExplorer
    ? showProblem
    : (_c: Context, response: Response | Promise<Response>) => response;
  app.onError((error, c) => show(c, toProblem(error, c)));
  app.notFound((c) =>
    show(c, problemResponse(c, new Problem('path-not-found', `No such path: ${shorten(c.req.path)}`))),
  );
  const clientOf = createClientOf(dependencies.clientOfRequest);
  addEveryRequestMiddleware(app, { ...config, ...dependencies, clientOf });
  addRoutes(app, dependencies, createRoutePolicies({ ...config, memory, clientOf }), clientOf);
  return app;
}

type SchemaOf<Router> = Router extends Hono<infer _Env, infer Schema, infer _Path> ? Schema : never;
type Added<Add extends (...given: never[]) => unknown> = SchemaOf<ReturnType<Add>>;

/** Every route with its parameters and responses, for the typed client. */
export type ApiSchema = Added<typeof addHealthRoutes> &
  Added<typeof addListRestaurantsRoute> &
  Added<typeof addSuggestRoute> &
  Added<typeof addChangesRoute> &
  Added<typeof addBackupRoute> &
  Added<typeof addImportRoute> &
  Added<typeof addExportRoute> &
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

/** Fixed paths come before `/restaurants/:id`; the documentation comes last. */
function addRoutes(
  app: OpenAPIHono,
  dependencies: AppDependencies,
  policies: RoutePolicies,
  clientOf: ClientOf,
): void {
  const { config, metrics, history, version } = dependencies;
  const firstReads = createFirstReads();
  const onRead = ({ restaurantId, kind, durationMs, timing }: ReadTiming) => {
    metrics.noteRead(kind, durationMs);
    history.noteRead(kind, durationMs);
    if (kind === 'cold') firstReads.note(restaurantId, { durationMs, timing });
  };
  const given = { ...dependencies, embedWaitMs: config.embedWaitMs, policies };
  addHealthRoutes(app, given);
  addListRestaurantsRoute(app, given);
  addSuggestRoute(app, given);
  addChangesRoute(app, given);
  addBackupRoute(app, { ...given, backupPath: `${config.databasePath}.download` });
  addImportRoute(app, given);
  addExportRoute(app, given);
  addReadRestaurantRoute(app, { ...given, clientOf, onRead });
  addWriteRestaurantRoutes(app, given);
  addSimilarRoute(app, given);
  addRecommendationsRoute(app, given);
  addSearchRoute(app, given);
  addBackfillRoutes(app, given);
  addEmbeddingRoutes(app, given);
  addModelRoutes(app, { ...given, readLatency: metrics.readLatency });
  addMapRoute(app, given);
  addEventsRoute(app, given);
  if (config.metricsPort === 0) addMetricsRoute(app, { metrics, access: policies.requireKey });
  const describeApi = addDocumentationRoutes(app, version, policies);
  addRobots(app);
  if (config.hasExplorer)
    mountExplorer(app, { ...given, readLatency: metrics.readLatency, firstReads, onRead, describeApi });
}
