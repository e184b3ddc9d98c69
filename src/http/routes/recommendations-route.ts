/** POST /recommendations: restaurants like the liked ones and unlike the disliked ones. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  DEFAULT_DIVERSITY,
  recommend,
  UnknownPreferenceError,
  type RecommendDependencies,
} from '../../search/recommend.ts';
import { MAX_EXCLUDED, MAX_OFFSET, toFilters } from '../contract/parameters.ts';
import { Problem } from '../contract/problem.ts';
import {
  coverageSchema,
  nearNeedsRadius,
  roundScore,
  scoreSchema,
  withRestaurants,
} from './ranked-answers.ts';
import { withDistance } from './present-restaurant.ts';
import { requireJson, withPolicies } from '../contract/router.ts';
import { problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const id = z.int().min(1);

/** The rules below as JSON Schema; the library's types do not include `dependentRequired`. */
const fieldDependencies = { dependentRequired: { radiusKm: ['near'], near: ['radiusKm'] } };

const filtersSchema = z
  .strictObject({
    cuisineType: z.array(z.string().min(1).max(100)).max(50).optional(),
    minRating: z.number().min(0).max(5).optional(),
    priceLevel: z.array(z.int().min(1).max(4)).max(4).optional(),
    location: z.string().min(1).max(200).optional(),
    near: z
      .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .optional(),
    radiusKm: z.number().min(0).max(20_038).optional(),
    embedded: z.boolean().optional(),
    attributes: z
      .record(z.string().min(1).max(100), z.union([z.string(), z.number(), z.boolean()]).transform(String))
      .optional()
      .openapi({
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        description: 'Custom fields, compared as text.',
      }),
  })
  .refine(({ radiusKm, near }) => radiusKm === undefined || near !== undefined, {
    path: ['radiusKm'],
    error: 'needs near',
  })
  .refine(nearNeedsRadius.check, nearNeedsRadius.options)
  .openapi('Filters', { ...(fieldDependencies as object) });

const bodySchema = z
  .strictObject({
    likes: z
      .array(
        z.strictObject(
          {
            id,
            rating: z.number().min(0).max(5).optional(),
            at: z.iso.datetime({ offset: true }).optional(),
          },
          {
            error: ({ code }) =>
              code === 'invalid_type' ? 'must be an object with an id, such as {"id": 1}' : undefined,
          },
        ),
      )
      .max(200)
      .default([]),
    dislikes: z.array(id).max(200).default([]),
    filters: filtersSchema.default({}),
    limit: z.int().min(1).max(100).default(10),
    offset: z.int().min(0).max(MAX_OFFSET).default(0),
    exclude: z.array(id).max(MAX_EXCLUDED).default([]),
    diversity: z.number().min(0).max(1).default(DEFAULT_DIVERSITY),
  })
  .openapi('RecommendationRequest', { example: { likes: [{ id: 1, rating: 5 }], dislikes: [2], limit: 5 } });

const becauseSchema = z
  .object({ id, name: z.string(), sharedWords: z.array(z.string()) })
  .openapi('Because', {
    description: 'The liked restaurant that speaks most for this one, and the words that both have.',
  });

const route = createRoute({
  method: 'post',
  path: '/recommendations',
  operationId: 'recommendRestaurants',
  tags: ['Similarity'],
  summary: 'Recommend restaurants from likes and dislikes',
  request: { body: { required: true, content: { 'application/json': { schema: bodySchema } } } },
  responses: {
    200: {
      description:
        'Without likes, or if they cancel out or have no vectors, the best rated (`strategy: top-rated`, `score: null`)',
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(
                z.object({
                  restaurant: restaurantSchema,
                  score: scoreSchema.nullable(),
                  because: becauseSchema.optional(),
                }),
              ),
              strategy: z.enum(['preferences', 'top-rated']),
              coverage: coverageSchema,
              leftOut: z
                .array(id)
                .openapi({ description: 'Likes and dislikes without a vector; they were not used.' }),
              reason: z
                .string()
                .optional()
                .openapi({ description: 'Why the first restaurant in `leftOut` has no vector.' }),
            })
            .openapi('Recommendations'),
        },
      },
    },
    400: problems[400],
    413: problems[413],
    415: problems[415],
    503: problems[503],
  },
});

export function addRecommendationsRoute(
  router: OpenAPIHono,
  dependencies: RecommendDependencies & { readonly policies: RoutePolicies },
) {
  const { readBody, vectors, compress } = dependencies.policies;
  // The body is read before admission, so that a slow client does not occupy a place among the queries.
  return router.openapi(
    withPolicies(route, compress, readBody, vectors.middleware, requireJson),
    async (c) => {
      const { likes, dislikes, filters, exclude, ...rest } = c.req.valid('json');
      const request = {
        likes: likes.map((like) => ({
          ...like,
          at: like.at === undefined ? undefined : Date.parse(like.at),
        })),
        dislikes,
        filters: { ...toFilters(filters), attributes: filters.attributes },
        excludedIds: exclude,
        ...rest,
      };
      const answer = await recommend(dependencies, request).catch((error: unknown) => {
        throw error instanceof UnknownPreferenceError ? unknownIds(error, { likes, dislikes }) : error;
      });
      const items = await withRestaurants(dependencies, answer.items, (restaurant, { score, because }) => ({
        restaurant: withDistance(restaurant, filters.near),
        score: score === null ? null : roundScore(score),
        ...(because && { because: { ...because, sharedWords: [...because.sharedWords] } }),
      }));
      const { strategy, coverage, leftOut, reason } = answer;
      return c.json({ items, strategy, coverage, leftOut: [...leftOut], ...(reason && { reason }) }, 200);
    },
  );
}

function unknownIds(
  { message, ids }: UnknownPreferenceError,
  { likes, dislikes }: { readonly likes: readonly { id: number }[]; readonly dislikes: readonly number[] },
): Problem {
  const unknown = new Set(ids);
  const detail = 'is not the id of a restaurant';
  const inLikes = likes.flatMap((like, i) =>
    unknown.has(like.id) ? [{ pointer: `/likes/${i}/id`, detail }] : [],
  );
  const inDislikes = dislikes.flatMap((own, i) =>
    unknown.has(own) ? [{ pointer: `/dislikes/${i}`, detail }] : [],
  );
  return new Problem('invalid-request', message, { errors: [...inLikes, ...inDislikes] });
}
