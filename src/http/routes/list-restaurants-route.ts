/** GET /restaurants: pages of the catalogue. Never embeds. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { restaurantSorts, type RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import { decodeCursor, encodeCursor } from '../contract/cursor.ts';
import { filterParameters, limitParameter, radiusNeedsNear, toFilters } from '../contract/parameters.ts';
import { presentRestaurant } from './present-restaurant.ts';
import { exampleRestaurant, headers, problems, restaurantSchema } from '../contract/schemas.ts';

const querySchema = z
  .strictObject({
    ...filterParameters,
    q: z.string().max(10_000).optional().openapi({
      description:
        'Words that must all occur in name, cuisine or description (`location` has a parameter of its own); the last may be unfinished.',
    }),
    sort: z.enum(restaurantSorts).default('id'),
    limit: limitParameter(20),
    cursor: z.string().min(1).max(2_000).optional().openapi({
      description: 'From `nextCursor` of the page before; holds for the same query only, `limit` apart.',
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
  summary: 'List restaurants, filtered, sorted, in pages',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'A page; `Link: …; rel="next"` leads to the next one',
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

/** Many clients read no more than 16 KB of headers: a link that repeats a very long query would fail the answer. */
const MAX_LINK_CHARACTERS = 8_000;

export function addListRestaurantsRoute(
  router: OpenAPIHono,
  {
    restaurants,
    embedding,
    currentModel,
  }: {
    readonly restaurants: RestaurantStore;
    readonly embedding: LazyEmbedding;
    readonly currentModel: CurrentModel;
  },
) {
  return router.openapi(route, async (c) => {
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

/** Relative to the host, so that it holds behind any proxy. */
function nextPage(requestUrl: string, cursor: string): string {
  const url = new URL(requestUrl);
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
