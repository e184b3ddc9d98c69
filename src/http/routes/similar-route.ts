/** GET /restaurants/:id/similar: the restaurants with the nearest vectors. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { findSimilar, type SimilarDependencies } from '../../search/find-similar.ts';
import {
  filterParameters,
  limitParameter,
  radiusNeedsNear,
  rankingParameters,
  restaurantPath,
  toFilters,
} from '../contract/parameters.ts';
import { attributesParameter, filterQuery } from '../contract/attribute-filters.ts';
import { withDistance } from './present-restaurant.ts';
import {
  coverageSchema,
  nearNeedsRadius,
  clampScore,
  roundScore,
  scoreSchema,
  withRestaurants,
} from './ranked-answers.ts';
import { withPolicies } from '../contract/router.ts';
import { problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const route = createRoute({
  method: 'get',
  path: '/restaurants/{id}/similar',
  operationId: 'findSimilarRestaurants',
  tags: ['Similarity'],
  summary: 'Restaurants similar to this one',
  description: 'Embeds the restaurant if it has no vector, and likely candidates within TOP_UP_MS.',
  parameters: [attributesParameter],
  request: {
    params: restaurantPath,
    query: filterQuery({ ...filterParameters, limit: limitParameter(10), ...rankingParameters })
      .refine(radiusNeedsNear.check, radiusNeedsNear.options)
      .refine(nearNeedsRadius.check, nearNeedsRadius.options),
  },
  responses: {
    200: {
      description: 'Most similar first; never the restaurant itself',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({
                  restaurant: restaurantSchema,
                  score: scoreSchema,
                  similarity: z.number().min(-1).max(1),
                }),
              ),
              coverage: coverageSchema,
              reason: z.string().optional().openapi({ description: 'Why the restaurant has no vector.' }),
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

export function addSimilarRoute(
  router: OpenAPIHono,
  dependencies: SimilarDependencies & { readonly policies: RoutePolicies },
) {
  const { compress, vectors } = dependencies.policies;
  return router.openapi(withPolicies(route, compress, vectors.middleware), async (c) => {
    const query = c.req.valid('query');
    const answer = await findSimilar(dependencies, c.req.valid('param').id, {
      filters: toFilters(query),
      limit: query.limit,
      offset: query.offset,
      excludedIds: query.exclude,
      diversity: query.diversity,
    });
    const items = await withRestaurants(dependencies, answer.neighbours, (restaurant, { score }) => ({
      restaurant: withDistance(restaurant, query.near),
      score: clampScore(score),
      similarity: roundScore(score),
    }));
    return c.json({ items, coverage: answer.coverage, ...(answer.reason && { reason: answer.reason }) }, 200);
  });
}
