/** POST, GET and DELETE /embeddings/backfill: embedding the rest of the catalogue in the background. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Backfill } from '../../embedding/backfill/backfill.ts';
import { exceptReading } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';

const count = z.int().min(0);

/** Three, as the ancestor service learned on a machine without memory to spare. */
const DEFAULT_BATCH_SIZE = 3;

const progressSchema = z
  .object({
    state: z.enum(['idle', 'running', 'waiting', 'stopped', 'finished']).openapi({
      description: "`waiting` is held up by what is not a text's own fault, and goes on by itself.",
    }),
    reason: z.string().optional().openapi({
      description: 'Why it waits: that of an embedding, or `unreadable` for the database.',
    }),
    done: count,
    failed: count,
    total: count,
    textsPerSecond: z.number(),
    estimatedSecondsLeft: count.nullable(),
    batchSize: z.int(),
    startedAt: z.iso.datetime().nullable(),
  })
  .openapi('BackfillProgress');

const answer = (description: string) => ({
  description,
  content: { 'application/json': { schema: progressSchema } },
});
const security = [{ apiKey: [] }];

const startBackfill = createRoute({
  method: 'post',
  path: '/embeddings/backfill',
  operationId: 'startBackfill',
  tags: ['Embeddings'],
  summary: 'Embed what is not embedded, most viewed first',
  description: 'Goes on over a restart. A run that is under way is left as it is.',
  security,
  request: {
    body: {
      content: {
        'application/json': {
          schema: z
            .strictObject({ batchSize: z.int().min(1).max(100).optional() })
            .openapi('BackfillRequest', { example: { batchSize: 3 } }),
        },
      },
    },
  },
  responses: {
    202: answer('It runs'),
    400: problems[400],
    401: problems[401],
    413: problems[413],
    415: problems[415],
  },
});

const getBackfill = createRoute({
  method: 'get',
  path: '/embeddings/backfill',
  operationId: 'getBackfill',
  tags: ['Embeddings'],
  summary: 'How far the backfill is',
  responses: { 200: answer('Progress'), 400: problems[400] },
});

const stopBackfill = createRoute({
  method: 'delete',
  path: '/embeddings/backfill',
  operationId: 'stopBackfill',
  tags: ['Embeddings'],
  summary: 'Stop the backfill within one text',
  security,
  responses: { 200: answer('It has stopped'), 400: problems[400], 401: problems[401] },
});

export function addBackfillRoutes(
  router: OpenAPIHono,
  { backfill, guard }: { readonly backfill: Backfill; readonly guard: MiddlewareHandler },
) {
  router.use('/embeddings/backfill', exceptReading(guard));

  return router
    .openapi(startBackfill, async (c) => {
      const { batchSize = DEFAULT_BATCH_SIZE } = c.req.valid('json');
      return c.json(await backfill.start({ batchSize }), 202);
    })
    .openapi(getBackfill, async (c) => c.json(await backfill.progress(), 200))
    .openapi(stopBackfill, async (c) => c.json(await backfill.stop(), 200));
}
