/** GET /changes: what has changed, for clients that keep a copy of the catalogue. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { changeKinds, type ChangeLog } from '../../catalog/change-log.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const MAX_CHANGES = 1_000;

const route = createRoute({
  method: 'get',
  path: '/changes',
  operationId: 'listChanges',
  tags: ['Restaurants'],
  summary: 'What was created, updated, deleted or embedded, oldest first',
  description:
    'Begin without `since`, then pass `nextCursor`, which stays the same while nothing changes. Delivery is ' +
    'at-least-once: of several changes of one kind to one restaurant only the latest is listed, and a deletion ' +
    'replaces everything before it.',
  request: {
    query: z.strictObject({
      since: z
        .string()
        .regex(/^\d{1,18}$/, { error: 'must be a nextCursor of this route' })
        .default('0')
        .openapi({ description: '`nextCursor` of the previous answer.' }),
      limit: z
        .string()
        .regex(/^([1-9]\d{0,2}|1000)$/, { error: `must be a whole number from 1 to ${MAX_CHANGES}` })
        .transform(Number)
        .default(100)
        .openapi({ type: 'integer', minimum: 1, maximum: MAX_CHANGES }),
    }),
  },
  responses: {
    200: {
      description: 'Changes in the order in which they were stored',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({
                  restaurantId: z.int().min(1),
                  kind: z.enum(changeKinds),
                  at: z.iso.datetime(),
                }),
              ),
              nextCursor: z.string(),
            })
            .openapi('Changes', {
              example: {
                items: [{ restaurantId: 1, kind: 'created', at: '2026-11-02T12:00:00.000Z' }],
                nextCursor: '1',
              },
            }),
        },
      },
    },
    400: problems[400],
  },
});

export interface ChangesDependencies {
  readonly changeLog: ChangeLog;
  readonly policies: RoutePolicies;
}

export function addChangesRoute(router: OpenAPIHono, { changeLog, policies }: ChangesDependencies) {
  return router.openapi(withPolicies(route, policies.compress), async (c) => {
    const { since, limit } = c.req.valid('query');
    const { changes, next } = await changeLog.list(since, limit);
    return c.json({ items: [...changes], nextCursor: next }, 200);
  });
}
