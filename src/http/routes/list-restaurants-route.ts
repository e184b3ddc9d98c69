/** GET /restaurants: one page of the catalogue. Never embeds. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { restaurantSorts, type RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import { decodeCursor, encodeCursor } from '../contract/cursor.ts';
import { filterParameters, limitParameter, radiusNeedsNear, toFilters } from '../contract/parameters.ts';
import { presentRestaurant } from './present-restaurant.ts';
import { withPolicies } from '../contract/router.ts';
import { exampleRestaurant, headers, problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const querySchema = z
  .strictObject({
    ...filterParameters,
    q: z.string().max(10_000).optional().openapi({
      description: 'Words that must all occur in name, cuisine or description; the last may be a prefix.',
    }),
    sort: z.enum(restaurantSorts).default('id'),
    limit: limitParameter(20),
    cursor: z.string().min(1).max(2_000).optional().openapi({
      description:
        '`nextCursor` of the previous page; valid for the same query only, but `limit` may change.',
    }),
  })
  .refine(radiusNeedsNear.check, radiusNeedsNear.options)
  .refine(({ sort, near }) => sort !== 'distance' || near !== undefined, {
    path: ['sort'],
    error: 'distance needs near=latitude,longitude',
  });

const route = createRoute({
  method: 'get',
  path: '/restaurants',
  operationId: 'listRestaurants',
  tags: ['Restaurants'],
  summary: 'List restaurants, filtered and sorted, page by page',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'One page; `Link: …; rel="next"` is the next one',
      headers: z.object({ Link: headers.link }),
      content: {
        'application/json': {
          schema: z
            .object({
              items: z.array(restaurantSchema),
              nextCursor: z.string().nullable(),
              total: z.int().min(0),
            })
            .openapi('RestaurantPage', {
              example: { items: [exampleRestaurant], nextCursor: null, total: 1 },
            }),
        },
      },
    },
    400: problems[400],
  },
});

/** Many clients reject responses with more than 16 KB of headers, so a longer link is left out. */
const MAX_LINK_CHARACTERS = 8_000;

export interface ListRestaurantsDependencies {
  readonly restaurants: RestaurantStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  readonly policies: RoutePolicies;
}

/** What may look at every row: one such request runs at a time. */
const mayScan = (c: Context) =>
  c.req.query('sort') === 'distance' ||
  c.req.query('near') !== undefined ||
  c.req.query('location') !== undefined;

export function addListRestaurantsRoute(router: OpenAPIHono, dependencies: ListRestaurantsDependencies) {
  const { restaurants, embedding, currentModel, policies } = dependencies;
  const listRoute = withPolicies(route, policies.compress, policies.serialiseWhen(mayScan));
  return router.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    const { sort, limit, q, cursor } = query;
    const listed = { filters: toFilters(query), query: q, sort };
    const after = cursor === undefined ? undefined : decodeCursor(cursor, listed);
    const page = await restaurants.list({ ...listed, limit, after, modelVersion: currentModel.version() });
    const nextCursor = page.next ? encodeCursor(listed, page.next) : null;
    const link = nextCursor === null ? '' : `<${nextPage(c.req.url, nextCursor)}>; rel="next"`;
    if (link !== '' && link.length <= MAX_LINK_CHARACTERS) c.header('Link', link);
    const items = page.items.map((restaurant) => presentRestaurant(restaurant, embedding));
    return c.json({ items, nextCursor, total: page.total }, 200);
  });
}

/** Without scheme and host, so that it works behind any proxy. */
function nextPage(requestUrl: string, cursor: string): string {
  const url = new URL(requestUrl);
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
