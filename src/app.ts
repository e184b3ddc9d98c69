/** The application: middleware, routes, one error handler. It never listens. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import type { ImportStore } from './catalog/import-restaurants.ts';
import type { RestaurantStore } from './catalog/restaurant-store.ts';
import type { ViewCounts } from './catalog/view-counts.ts';
import type { Backfill } from './embedding/backfill.ts';
import type { LazyEmbedding } from './embedding/embed-on-demand.ts';
import type { Embedder } from './embedding/embedder.ts';
import type { MemoryControl } from './embedding/memory-control.ts';
import type { EmbeddingStore } from './embedding/embedding-store.ts';
import type { SearchDependencies } from './similarity/search.ts';
import { createVectorAdmission } from './http/admission.ts';
import { createApiKeyGuard } from './http/api-key.ts';
import { addBackfillRoutes } from './http/backfill-routes.ts';
import { addEmbeddingRoutes } from './http/embedding-routes.ts';
import { createErrorHandler, type ErrorLog } from './http/error-handler.ts';
import { addHealthRoutes } from './http/health-routes.ts';
import { addListRestaurantsRoute } from './http/list-restaurants-route.ts';
import { addRecommendationsRoute } from './http/recommendations-route.ts';
import { addSearchRoute } from './http/search-route.ts';
import { addSimilarRoute } from './http/similar-route.ts';
import type { Metrics } from './http/metrics.ts';
import { addMetricsRoute } from './http/metrics-route.ts';
import { addModelRoutes } from './http/model-routes.ts';
import { Problem, problemResponse } from './http/problem.ts';
import { addReadRestaurantRoute } from './http/read-restaurant-route.ts';
import { createReadLatency } from './http/read-latency.ts';
import { createRequestLog, type RequestLog } from './http/request-log.ts';
import { createRouter, exceptReading, limitBody } from './http/router.ts';
import { addTransferRoutes } from './http/transfer-routes.ts';
import { addWriteRestaurantRoutes } from './http/write-restaurant-routes.ts';

export interface AppDependencies extends SearchDependencies {
  readonly config: {
    readonly apiKeys: readonly string[];
    readonly embedWaitMs: number;
    readonly maxBodyBytes: number;
    readonly maxVectorQueries: number;
    readonly metricsPort: number;
  };
  readonly modelName: string;
  readonly restaurants: RestaurantStore;
  readonly imports: ImportStore;
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly backfill: Backfill;
  readonly views: ViewCounts;
  readonly embedder: Embedder;
  readonly memory: MemoryControl;
  readonly metrics: Metrics;
  readonly log: ErrorLog & RequestLog;
}

export function createApp(dependencies: AppDependencies): OpenAPIHono {
  const { config, log, metrics } = dependencies;
  const app = createRouter();
  const guard = createApiKeyGuard(config.apiKeys);

  app.onError(createErrorHandler(log));
  app.notFound((c) =>
    problemResponse(c, new Problem('path-not-found', `There is nothing at ${c.req.path}.`)),
  );
  app.use(requestId());
  app.use(createRequestLog(log));
  app.use(metrics.middleware);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problemResponse(
          c,
          new Problem(
            'method-not-allowed',
            `${c.req.method} is not possible here; use ${methods.join(', ')}.`,
            {
              headers: { Allow: methods.join(', ') },
            },
          ),
        ),
    }),
  );
  app.use(exceptReading(limitBody(config.maxBodyBytes, { except: '/restaurants/import' })));

  addHealthRoutes(app, dependencies);
  addListRestaurantsRoute(app, dependencies);
  const readLatency = createReadLatency();
  addTransferRoutes(app, { ...dependencies, guard });
  addReadRestaurantRoute(app, {
    ...dependencies,
    embedWaitMs: config.embedWaitMs,
    onRead(kind, durationMs) {
      readLatency.note(kind, durationMs);
      metrics.noteRead(kind, durationMs);
    },
  });
  addWriteRestaurantRoutes(app, { ...dependencies, guard });
  const admission = createVectorAdmission(dependencies.memory, config.maxVectorQueries);
  for (const path of ['/restaurants/:id/similar', '/recommendations', '/search']) app.use(path, admission);
  const similarity = { ...dependencies, embedWaitMs: config.embedWaitMs };
  addSimilarRoute(app, similarity);
  addRecommendationsRoute(app, similarity);
  addSearchRoute(app, similarity);
  addBackfillRoutes(app, { ...dependencies, guard });
  addEmbeddingRoutes(app, { ...dependencies, guard });
  addModelRoutes(app, { ...dependencies, readLatency, guard });
  if (config.metricsPort === 0) addMetricsRoute(app, { metrics, guard });
  return app;
}
