/** GET /restaurants: one page of the catalogue. Never embeds. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import { decodeCursor, encodeCursor } from '../contract/cursor.ts';
import { attributesParameter } from '../contract/attribute-filters.ts';
import { facetsSchema, MAX_FACET_VALUES, presentFacets } from '../contract/facet-schema.ts';
import { toFilters } from '../contract/parameters.ts';
import { listQuerySchema } from './list-query.ts';
import { presentRestaurant, withDistance } from './present-restaurant.ts';
import { SELECTION_TYPE, selectFields, selectionPageSchema } from './select-fields.ts';
import { withPolicies } from '../contract/router.ts';
import { exampleRestaurant, headers, problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const route = createRoute({
  method: 'get',
  path: '/restaurants',
  operationId: 'listRestaurants',
  tags: ['Restaurants'],
  summary: 'List restaurants, filtered and sorted, page by page',
  parameters: [attributesParameter],
  request: { query: listQuerySchema },
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
              facets: facetsSchema.optional(),
            })
            .openapi('RestaurantPage', {
              example: { items: [exampleRestaurant], nextCursor: null, total: 1 },
            }),
        },
        [SELECTION_TYPE]: { schema: selectionPageSchema },
      },
    },
    400: problems[400],
  },
});

/** Many clients reject responses with more than 16 KB of headers, so longer links are left out. */
const MAX_LINK_CHARACTERS = 8_000;

export interface ListRestaurantsDependencies {
  readonly restaurants: RestaurantStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  readonly policies: RoutePolicies;
}

/** Requests that may scan every row: they are serialised. */
const mayScan = (c: Context) =>
  c.req.query('sort') === 'distance' ||
  c.req.query('near') !== undefined ||
  c.req.query('facets') !== undefined ||
  c.req.query('updatedSince') !== undefined ||
  Object.keys(c.req.query()).some((name) => name.startsWith('attributes[')) ||
  c.req.query('location') !== undefined;

export function addListRestaurantsRoute(router: OpenAPIHono, dependencies: ListRestaurantsDependencies) {
  const { restaurants, embedding, currentModel, policies } = dependencies;
  const listRoute = withPolicies(route, policies.compress, policies.serialiseWhen(mayScan));
  async function lookUp(query: LookUp): Promise<Restaurant[]> {
    const version = currentModel.version();
    if (query.ids) return inOrder(query.ids, await restaurants.findMany(query.ids, version), ({ id }) => id);
    const externalIds = query.externalId ?? [];
    const rows = await restaurants.findByExternalIds(externalIds, version);
    return inOrder(externalIds, rows, ({ externalId }) => externalId);
  }

  async function readPage(query: ListQuery, requestUrl: string) {
    const { sort, limit, q, cursor } = query;
    const listed = { filters: toFilters(query), query: q, sort };
    const modelVersion = currentModel.version();
    const after = cursor === undefined ? undefined : decodeCursor(cursor, listed);
    const { items, total, next } = await restaurants.list({ ...listed, limit, after, modelVersion });
    const nextCursor = next ? encodeCursor(listed, next) : null;
    const facets =
      query.facets &&
      (await restaurants.countFacets({
        ...listed,
        fields: query.facets,
        limit: MAX_FACET_VALUES,
        modelVersion,
      }));
    const link = nextCursor === null ? '' : `<${nextPage(requestUrl, nextCursor)}>; rel="next"`;
    return { items, link, rest: { nextCursor, total, ...(facets && { facets: presentFacets(facets) }) } };
  }

  return router.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    const isLookUp = query.ids !== undefined || query.externalId !== undefined;
    const found = isLookUp ? await lookUp(query) : undefined;
    const { items, link, rest } = found
      ? { items: found, link: '', rest: { nextCursor: null, total: found.length } }
      : await readPage(query, c.req.url);
    if (link !== '' && link.length <= MAX_LINK_CHARACTERS) c.header('Link', link);
    const shown = items.map((restaurant) =>
      withDistance(presentRestaurant(restaurant, embedding), query.near),
    );
    const { fields } = query;
    if (fields === undefined) return c.json({ items: shown, ...rest }, 200);
    const selected = { items: shown.map((restaurant) => selectFields(restaurant, fields)), ...rest };
    // The types of documented routes know one media type of JSON only.
    return c.body(JSON.stringify(selected), 200, { 'Content-Type': SELECTION_TYPE }) as never;
  });
}

type ListQuery = z.output<typeof listQuerySchema>;
type LookUp = Pick<ListQuery, 'ids' | 'externalId'>;

/** The rows of the keys, each once, in the order of the keys. */
function inOrder(
  keys: readonly (number | string)[],
  rows: readonly Restaurant[],
  keyOf: (row: Restaurant) => unknown,
) {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return [...new Set(keys)].flatMap((key) => found.get(key) ?? []);
}

/** Without scheme and host, so that it works behind any proxy. */
function nextPage(requestUrl: string, cursor: string): string {
  const url = new URL(requestUrl);
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
