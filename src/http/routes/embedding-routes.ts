/** GET /embeddings: embedding status counts; and the embeddings that failed. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import type { EmbeddingCounts, EmbeddingStore } from '../../embedding/embedding-store.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

export interface EmbeddingRouteDependencies {
  readonly restaurants: Pick<RestaurantStore, 'findMany'>;
  readonly embeddings: EmbeddingStore;
  readonly currentModel: CurrentModel;
  readonly embedding: LazyEmbedding;
  readonly modelName: string;
  readonly policies: RoutePolicies;
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
        'Counts by status; they add up to `total`. `pending` restaurants are being embedded or queued.',
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
  summary: 'List the embeddings that failed, with the reason and the time of the next attempt',
  security: [{ apiKey: [] }],
  responses: {
    200: {
      description: 'At most 100, most recent first',
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
  summary: 'Clear all failures, so that the next read or backfill tries again',
  security: [{ apiKey: [] }],
  responses: {
    200: {
      description: 'How many failures were cleared',
      content: { 'application/json': { schema: z.object({ cleared: count }).openapi('ClearedFailures') } },
    },
    400: problems[400],
    401: problems[401],
  },
});

/** Counts the rows that are being embedded as `pending` instead of their stored status. */
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
  const { embeddings, embedding, currentModel, restaurants, modelName, policies } = dependencies;

  return router
    .openapi(getCoverage, async (c) => {
      const modelVersion = currentModel.version();
      // Read in the same turn of the event loop, so that both describe the same moment.
      const [counts, pendingRows] = await Promise.all([
        embeddings.counts(modelVersion),
        restaurants.findMany(embedding.pendingIds(), modelVersion),
      ]);
      return c.json({ model: modelName, ...countPending(counts, pendingRows) }, 200);
    })
    .openapi(withPolicies(listFailures, policies.requireKey), async (c) => {
      const items = await embeddings.listFailures(MAX_FAILURES, currentModel.version());
      return c.json({ items }, 200);
    })
    .openapi(withPolicies(retryFailures, policies.readKeyedBody), async (c) =>
      c.json({ cleared: await embeddings.clearFailures(currentModel.version()) }, 200),
    );
}
