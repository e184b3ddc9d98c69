/** GET /embeddings and its failures: how far the catalogue is embedded, and what went wrong. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import type { EmbeddingCounts, EmbeddingStore } from '../../embedding/embedding-store.ts';
import { problems } from '../contract/schemas.ts';

export interface EmbeddingRouteDependencies {
  readonly restaurants: Pick<RestaurantStore, 'findMany'>;
  readonly embeddings: EmbeddingStore;
  readonly currentModel: CurrentModel;
  readonly embedding: LazyEmbedding;
  readonly modelName: string;
  readonly guard: MiddlewareHandler;
}

const count = z.int().min(0);

const getCoverage = createRoute({
  method: 'get',
  path: '/embeddings',
  operationId: 'getEmbeddings',
  tags: ['Embeddings'],
  summary: 'How many restaurants have a current vector',
  responses: {
    200: {
      description:
        'Counts by status, which add up to `total`; `pending` are being embedded, or wait for it, right now',
      content: {
        'application/json': {
          schema: z
            .object({
              model: z.string(),
              total: count,
              ready: count,
              stale: count,
              missing: count,
              pending: count,
              failed: count,
            })
            .openapi('EmbeddingCounts'),
        },
      },
    },
    400: problems[400],
  },
});

const listFailures = createRoute({
  method: 'get',
  path: '/embeddings/failures',
  operationId: 'listEmbeddingFailures',
  tags: ['Embeddings'],
  summary: 'What could not be embedded, why, and when it is tried again',
  security: [{ apiKey: [] }],
  responses: {
    200: {
      description: 'At most 100, the latest first',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({
                  restaurantId: z.int(),
                  name: z.string(),
                  reason: z.string(),
                  detail: z.string(),
                  attempts: count,
                  failedAt: z.iso.datetime(),
                  retryAt: z.iso.datetime(),
                }),
              ),
            })
            .openapi('EmbeddingFailures'),
        },
      },
    },
    400: problems[400],
    401: problems[401],
  },
});

const retryFailures = createRoute({
  method: 'post',
  path: '/embeddings/failures/retry',
  operationId: 'retryEmbeddingFailures',
  tags: ['Embeddings'],
  summary: 'Forget the failures, so that the next read or backfill tries again',
  security: [{ apiKey: [] }],
  responses: {
    200: {
      description: 'How many were forgotten',
      content: { 'application/json': { schema: z.object({ cleared: count }).openapi('ClearedFailures') } },
    },
    400: problems[400],
    401: problems[401],
  },
});

/** Takes the rows that are being embedded out of the status that is stored for them. */
function countPending(stored: EmbeddingCounts, pendingRows: readonly Restaurant[]) {
  const counts = { ...stored, pending: 0 };
  for (const { embedding } of pendingRows) {
    if (embedding.status === 'ready') continue;
    counts[embedding.status] -= 1;
    counts.pending += 1;
  }
  return counts;
}

const MAX_FAILURES = 100;

export function addEmbeddingRoutes(router: OpenAPIHono, dependencies: EmbeddingRouteDependencies) {
  const { embeddings, embedding, currentModel, restaurants, modelName, guard } = dependencies;
  router.use('/embeddings/failures', guard);
  router.use('/embeddings/failures/*', guard);

  return router
    .openapi(getCoverage, async (c) => {
      const modelVersion = currentModel.version();
      // Asked for in one turn of the event loop, so that both show the same moment.
      const [counts, pendingRows] = await Promise.all([
        embeddings.counts(modelVersion),
        restaurants.findMany(embedding.pendingIds(), modelVersion),
      ]);
      return c.json({ model: modelName, ...countPending(counts, pendingRows) }, 200);
    })
    .openapi(listFailures, async (c) => {
      const items = await embeddings.listFailures(MAX_FAILURES, currentModel.version());
      return c.json({ items }, 200);
    })
    .openapi(retryFailures, async (c) =>
      c.json({ cleared: await embeddings.clearFailures(currentModel.version()) }, 200),
    );
}
