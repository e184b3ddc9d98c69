/** GET /embeddings and its failures: how far the catalogue is embedded, and what went wrong. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { problems } from './schemas.ts';

export interface EmbeddingRouteDependencies {
  readonly embeddings: EmbeddingStore;
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
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'Counts by status; `pending` are being embedded right now and are counted there alone',
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
  request: { query: z.strictObject({}) },
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
    401: problems[401],
  },
});

const MAX_FAILURES = 100;

export function addEmbeddingRoutes(router: OpenAPIHono, dependencies: EmbeddingRouteDependencies) {
  const { embeddings, embedding, modelName, guard } = dependencies;
  router.use('/embeddings/failures', guard);
  router.use('/embeddings/failures/*', guard);

  return router
    .openapi(getCoverage, async (c) => {
      const { total, ready, stale, missing, failed } = await embeddings.counts();
      const pending = embedding.pendingCount();
      return c.json({ model: modelName, total, ready, stale, missing, pending, failed }, 200);
    })
    .openapi(listFailures, async (c) => c.json({ items: await embeddings.listFailures(MAX_FAILURES) }, 200))
    .openapi(retryFailures, async (c) => c.json({ cleared: await embeddings.clearFailures() }, 200));
}
