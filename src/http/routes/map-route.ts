/** GET /map: the vectors projected to two dimensions. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { VectorMap } from '../../search/vector-map.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const MAX_POINTS = 20_000;
const coordinate = z.number().min(-1).max(1);

const route = createRoute({
  method: 'get',
  path: '/map',
  operationId: 'getMap',
  tags: ['Similarity'],
  summary: 'Project the vectors to two dimensions (principal components)',
  description:
    'Most viewed first. `fit` changes when the axes are computed again, and with them every position. Never embeds.',
  request: {
    query: z.strictObject({
      limit: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, { error: `must be a whole number from 1 to ${MAX_POINTS}` })
        .transform(Number)
        .refine((value) => value <= MAX_POINTS, { error: `must be at most ${MAX_POINTS}` })
        .default(10_000)
        .openapi({ type: 'integer', minimum: 1, maximum: MAX_POINTS }),
    }),
  },
  responses: {
    200: {
      description: 'The map',
      content: {
        'application/json': {
          schema: z
            .object({
              fit: z.int().min(0),
              total: z.int().min(0).openapi({ description: 'Number of restaurants in the catalogue.' }),
              points: z.array(
                z.object({
                  id: z.int().min(1),
                  name: z.string(),
                  cuisineType: z.string().nullable(),
                  position: z
                    .array(coordinate)
                    .length(2)
                    .optional()
                    .openapi({
                      description: 'x and y; absent without a current vector.',
                      example: [0.12, -0.4],
                    }),
                }),
              ),
            })
            .openapi('VectorMap'),
        },
      },
    },
    400: problems[400],
  },
});

/** Three decimals: less than a pixel. */
const round = (value: number) => Math.round(value * 1_000) / 1_000;

export function addMapRoute(
  router: OpenAPIHono,
  {
    map,
    currentModel,
    policies,
  }: { readonly map: VectorMap; readonly currentModel: CurrentModel; readonly policies: RoutePolicies },
) {
  return router.openapi(withPolicies(route, policies.compress, policies.serialise), async (c) => {
    const { points, ...rest } = await map.points(c.req.valid('query').limit, currentModel.version());
    const rounded = points.map(({ position, ...point }) => ({
      ...point,
      ...(position && { position: position.map(round) }),
    }));
    return c.json({ ...rest, points: rounded }, 200);
  });
}
