/** GET /search: by keywords, by meaning, or both. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { RestaurantFilters } from '../../catalog/restaurant-filters.ts';
import type { FacetField } from '../../catalog/restaurant-store.ts';
import { markRestaurant, wordsToMark } from '../../search/mark-words.ts';
import { search, searchModes, type SearchDependencies } from '../../search/search.ts';
import { attributesParameter, filterQuery } from '../contract/attribute-filters.ts';
import { facetsSchema, MAX_FACET_VALUES, presentFacets } from '../contract/facet-schema.ts';
import { facetsParameter } from '../contract/list-parameters.ts';
import {
  filterParameters,
  limitParameter,
  radiusNeedsNear,
  toFilters,
  rankingParameters,
  similarityParameter,
} from '../contract/parameters.ts';
import {
  coverageSchema,
  nearNeedsRadius,
  roundScore,
  scoreSchema,
  withRestaurants,
  type RankedDependencies,
} from './ranked-answers.ts';
import { withDistance } from './present-restaurant.ts';
import { withPolicies } from '../contract/router.ts';
import { problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const rank = z.int().min(1).nullable();
const route = createRoute({
  method: 'get',
  path: '/search',
  operationId: 'searchRestaurants',
  tags: ['Similarity'],
  summary: 'Search by words, by meaning, or by both',
  description:
    'Any text is a valid query. When the model cannot be used, or not within EMBED_WAIT_MS, words alone decide, ' +
    '`degraded` is true and `reason` says why.',
  parameters: [attributesParameter],
  request: {
    query: filterQuery({
      ...filterParameters,
      q: z.string().openapi({ example: 'feijoada no fogão a lenha' }),
      mode: z.enum(searchModes).default('hybrid'),
      limit: limitParameter(10),
      ...rankingParameters,
      minSimilarity: similarityParameter.optional(),
      facets: facetsParameter,
    })
      .refine(radiusNeedsNear.check, radiusNeedsNear.options)
      .refine(nearNeedsRadius.check, nearNeedsRadius.options),
  },
  responses: {
    200: {
      description: 'The best first',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({
                  restaurant: restaurantSchema,
                  score: scoreSchema,
                  similarity: z.number().min(-1).max(1).nullable().openapi({
                    description:
                      'Cosine of query and restaurant; null when it has no vector, or meaning was not searched.',
                  }),
                  ranks: z.object({ keyword: rank, semantic: rank }),
                  matchedWords: z.array(z.string()).openapi({
                    description:
                      'Words of the query, as typed, that the restaurant has in some form, or in words that mean the same or tell of it.',
                  }),
                  marked: z
                    .object({ name: z.string(), snippet: z.string().nullable() })
                    .openapi({ description: 'HTML: the text is escaped, matched words are in `<mark>`.' }),
                }),
              ),
              place: z.string().optional().openapi({
                description:
                  'The location that the query names; its restaurants come first. Few or no items when it is a city without any.',
                example: 'London',
              }),
              corrected: z
                .record(z.string(), z.string())
                .optional()
                .openapi({
                  description: 'Words that no restaurant has → the words that were searched for instead.',
                  example: { piza: 'pizza' },
                }),
              coverage: coverageSchema,
              facets: facetsSchema.optional(),
              degraded: z.boolean(),
              reason: z.string().optional(),
              truncated: z.boolean().openapi({
                description:
                  'The query was cut to 1,000 characters, or words past the 32nd do not count as keywords.',
              }),
            })
            .openapi('SearchResults'),
        },
      },
    },
    400: problems[400],
    503: problems[503],
  },
});

/** While memory is short, hybrid search falls back to keywords instead of being rejected. */
function needsVectors(c: Context, isMemoryShort: boolean): boolean {
  const mode = c.req.query('mode');
  return mode === 'semantic' || (mode !== 'keyword' && !isMemoryShort);
}

export function addSearchRoute(
  router: OpenAPIHono,
  dependencies: SearchDependencies & RankedDependencies & { readonly policies: RoutePolicies },
) {
  const { restaurants, currentModel, policies } = dependencies;
  const { compress, vectors, serialiseWhen } = policies;
  const countsFacets = serialiseWhen((c) => c.req.query('facets') !== undefined);
  const searchRoute = withPolicies(route, compress, countsFacets, vectors.when(needsVectors));

  async function countFacets(fields: readonly FacetField[], filters: RestaurantFilters) {
    const modelVersion = currentModel.version();
    const counted = await restaurants.countFacets({ fields, filters, modelVersion, limit: MAX_FACET_VALUES });
    return presentFacets(counted);
  }

  return router.openapi(searchRoute, async (c) => {
    const query = c.req.valid('query');
    const filters = toFilters(query);
    const { hits, analysis, ...rest } = await search(dependencies, {
      ...query,
      query: query.q,
      filters,
      excludedIds: query.exclude,
    });
    const words = wordsToMark(analysis.terms);
    const items = await withRestaurants(dependencies, hits, (restaurant, hit) => ({
      restaurant: withDistance(restaurant, query.near),
      score: roundScore(hit.score),
      similarity: hit.similarity === null ? null : roundScore(hit.similarity),
      ranks: hit.ranks,
      matchedWords: [...hit.matchedWords],
      marked: markRestaurant(restaurant, words),
    }));
    const { place, corrected } = analysis;
    const understood = {
      ...(place && { place: place.label }),
      ...(Object.keys(corrected).length > 0 && { corrected }),
      ...(query.facets && { facets: await countFacets(query.facets, filters) }),
    };
    return c.json({ items, ...understood, ...rest }, 200);
  });
}
