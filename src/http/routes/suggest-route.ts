/** GET /suggest: completions for a search field. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const route = createRoute({
  method: 'get',
  path: '/suggest',
  operationId: 'suggest',
  tags: ['Restaurants'],
  summary: 'Cuisines, names and locations that begin with a text',
  description: 'Ignores case and accents. Embeds nothing.',
  request: {
    query: z.strictObject({
      q: z.string().min(1).max(200).openapi({ example: 'ca' }),
      limit: z
        .string()
        .regex(/^([1-9]|1\d|20)$/, { error: 'must be a whole number from 1 to 20' })
        .transform(Number)
        .default(5)
        .openapi({ type: 'integer', minimum: 1, maximum: 20, description: 'Of each kind.' }),
    }),
  },
  responses: {
    200: {
      description: 'Cuisines first, then names, then locations, each in alphabetical order',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({ kind: z.enum(['cuisineType', 'name', 'location']), text: z.string() }),
              ),
            })
            .openapi('Suggestions', { example: { items: [{ kind: 'name', text: 'Casa da Serra' }] } }),
        },
      },
    },
    400: problems[400],
  },
});

export interface SuggestDependencies {
  readonly restaurants: Pick<RestaurantStore, 'suggest'>;
  readonly policies: RoutePolicies;
}

export function addSuggestRoute(router: OpenAPIHono, { restaurants, policies }: SuggestDependencies) {
  return router.openapi(withPolicies(route, policies.compress), async (c) => {
    const { q, limit } = c.req.valid('query');
    return c.json({ items: await restaurants.suggest(q, limit) }, 200);
  });
}
