/** GET /restaurants/:id/similar. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { findSimilar, type SimilarDependencies } from '../../search/find-similar.ts';
import {
  filterParameters,
  limitParameter,
  radiusNeedsNear,
  restaurantPath,
  toFilters,
} from '../contract/parameters.ts';
import { coverageSchema, nearNeedsRadius, roundScore, withRestaurants } from './ranked-answers.ts';
import { problems, restaurantSchema } from '../contract/schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/restaurants/{id}/similar',
  operationId: 'findSimilarRestaurants',
  tags: ['Similarity'],
  summary: 'Restaurants similar to this one',
  description: 'Embeds the restaurant when it has no vector, and promising others within TOP_UP_MS.',
  request: {
    params: restaurantPath,
    query: z
      .strictObject({ ...filterParameters, limit: limitParameter(10) })
      .refine(radiusNeedsNear.check, radiusNeedsNear.options)
      .refine(nearNeedsRadius.check, nearNeedsRadius.options),
  },
  responses: {
    200: {
      description: 'The most similar first; never the restaurant itself',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(z.object({ restaurant: restaurantSchema, score: z.number().min(-1).max(1) })),
              coverage: coverageSchema,
              reason: z
                .string()
                .optional()
                .openapi({ description: 'Why the restaurant has no vector to compare.' }),
            })
            .openapi('SimilarRestaurants'),
        },
      },
    },
    400: problems[400],
    404: problems[404],
    503: problems[503],
  },
});

export function addSimilarRoute(router: OpenAPIHono, dependencies: SimilarDependencies) {
  return router.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const answer = await findSimilar(dependencies, c.req.valid('param').id, {
      filters: toFilters(query),
      limit: query.limit,
    });
    const items = await withRestaurants(dependencies, answer.neighbours, (restaurant, { score }) => ({
      restaurant,
      score: roundScore(score),
    }));
    return c.json({ items, coverage: answer.coverage, ...(answer.reason && { reason: answer.reason }) }, 200);
  });
}
