/** POST, GET and DELETE /embeddings/backfill: embed the rest of the catalogue in the background. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Backfill } from '../../embedding/backfill/backfill.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const count = z.int().min(0);

/** Small, for machines with little memory. */
const DEFAULT_BATCH_SIZE = 3;

const progressSchema = z
  .object({
    state: z.enum(['idle', 'running', 'waiting', 'stopped', 'finished']).openapi({
      description: '`waiting`: paused by a transient condition; resumes automatically.',
    }),
    reason: z.string().optional().openapi({
      description:
        'Why it is waiting: the reason of an embedding, or `unreadable` if the database cannot be read.',
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
  summary: 'Embed all restaurants that have no current vector, most viewed first',
  description: 'Continues after a restart. A backfill that is already running is left unchanged.',
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
    202: answer('The backfill is running'),
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
  summary: 'Progress of the backfill',
  responses: { 200: answer('Progress'), 400: problems[400] },
});

const stopBackfill = createRoute({
  method: 'delete',
  path: '/embeddings/backfill',
  operationId: 'stopBackfill',
  tags: ['Embeddings'],
  summary: 'Stop the backfill after its current text',
  security,
  responses: { 200: answer('The backfill has stopped'), 400: problems[400], 401: problems[401] },
});

export function addBackfillRoutes(
  router: OpenAPIHono,
  { backfill, policies }: { readonly backfill: Backfill; readonly policies: RoutePolicies },
) {
  return router
    .openapi(withPolicies(startBackfill, policies.readKeyedBody), async (c) => {
      const { batchSize = DEFAULT_BATCH_SIZE } = c.req.valid('json');
      return c.json(await backfill.start({ batchSize }), 202);
    })
    .openapi(getBackfill, async (c) => c.json(await backfill.progress(), 200))
    .openapi(withPolicies(stopBackfill, policies.readKeyedBody), async (c) =>
      c.json(await backfill.stop(), 200),
    );
}
