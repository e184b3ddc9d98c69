/** GET /restaurants/:id: the first read of a restaurant embeds it. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { CatalogError } from '../../catalog/catalog-error.ts';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { ViewCounts } from '../../catalog/view-counts.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { EmbeddingTiming, EmbedOutcome, LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../../embedding/embedding-store.ts';
import { entityTag, matchesAny } from '../contract/entity-tag.ts';
import { ifNoneMatchHeader, preferHeader } from '../contract/header-parameters.ts';
import { restaurantPath } from '../contract/parameters.ts';
import type { ClientOf } from '../middleware/client-address.ts';
import { presentRestaurant } from './present-restaurant.ts';
import { headers, problems, restaurantSchema } from '../contract/schemas.ts';

export interface ReadRestaurantDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: Pick<EmbeddingStore, 'findVector'>;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  readonly views: ViewCounts;
  readonly embedWaitMs: number;
  /** The key of the client, which bounds its share of the embedding queue. */
  readonly clientOf: ClientOf;
  /** Called after every read that found a vector or computed one. */
  readonly onRead: (read: ReadTiming) => void;
}

export interface ReadTiming {
  readonly restaurantId: number;
  /** `cold`: the vector was computed, or copied from an equal text, for this read. */
  readonly kind: 'cold' | 'warm';
  readonly durationMs: number;
  readonly timing: EmbeddingTiming | undefined;
}

const route = createRoute({
  method: 'get',
  path: '/restaurants/{id}',
  operationId: 'getRestaurant',
  tags: ['Restaurants'],
  summary: 'Read a restaurant; its first read embeds it',
  description:
    'The restaurant is always returned. If it has no current vector, one is computed and stored first, for at most ' +
    'EMBED_WAIT_MS; `embedding.status` is the result.',
  parameters: [preferHeader, ifNoneMatchHeader],
  request: {
    params: restaurantPath,
    query: z.strictObject({
      include: z.enum(['vector'], { error: 'must be vector' }).optional().openapi({
        description: '`vector` adds `embedding.vector` if it is ready.',
      }),
    }),
  },
  responses: {
    200: {
      description: 'The restaurant',
      headers: z.object({ ETag: headers.etag, 'Server-Timing': headers.serverTiming }),
      content: { 'application/json': { schema: restaurantSchema } },
    },
    304: { description: 'Unchanged since the ETag in If-None-Match' },
    400: problems[400],
    404: problems[404],
  },
});

const prefersAsync = (header: string | undefined) => /(^|[,;\s])respond-async($|[,;\s])/i.test(header ?? '');

export function addReadRestaurantRoute(router: OpenAPIHono, dependencies: ReadRestaurantDependencies) {
  const { restaurants, embeddings, embedding, currentModel, views, embedWaitMs, clientOf, onRead } =
    dependencies;

  async function find(id: number): Promise<Restaurant> {
    const restaurant = await restaurants.find(id, currentModel.version());
    if (!restaurant) throw new CatalogError('not-found', `There is no restaurant with id ${id}.`);
    return restaurant;
  }

  /** The restaurant after `stored` was embedded; it is read again only if it has changed meanwhile. */
  async function afterEmbedding(stored: Restaurant, outcome: EmbedOutcome): Promise<Restaurant> {
    if (outcome.status === 'gone') return find(stored.id);
    if (outcome.status !== 'ready') return presentRestaurant(stored, embedding, outcome);
    if (outcome.origin === 'stored' || outcome.saved.restaurantVersion !== stored.version) {
      return presentRestaurant(await find(stored.id), embedding, outcome);
    }
    const { model, createdAt } = outcome.saved;
    return { ...stored, embedding: { status: 'ready', model, createdAt } };
  }

  return router.openapi(route, async (c) => {
    const startedAt = performance.now();
    const { id } = c.req.valid('param');
    const isAsync = prefersAsync(c.req.header('prefer'));
    const stored = await find(id);
    views.note(id);
    let restaurant = stored;
    let outcome: EmbedOutcome = { status: 'ready', origin: 'stored' };
    if (stored.embedding.status !== 'ready') {
      // An embedding that is rejected at once is reported even without waiting.
      outcome = await embedding.embedOnDemand(id, {
        priority: 'read',
        waitMs: isAsync ? 0 : embedWaitMs,
        restaurant: stored,
        client: clientOf(c),
      });
      restaurant = await afterEmbedding(stored, outcome);
    }
    const durationMs = performance.now() - startedAt;
    if (!isAsync) c.header('Server-Timing', serverTiming(outcome, durationMs));
    if (outcome.status === 'ready') {
      const kind = outcome.origin === 'stored' ? 'warm' : 'cold';
      onRead({ restaurantId: id, kind, durationMs, timing: timingOf(outcome) });
    }
    if (isAsync) c.header('Preference-Applied', 'respond-async');

    const withVector = c.req.valid('query').include === 'vector';
    const tag = entityTag(restaurant, withVector ? '.vector' : '');
    c.header('ETag', tag);
    c.header('Cache-Control', 'no-cache');
    c.header('Vary', 'Prefer');
    if (matchesAny(c.req.header('if-none-match'), tag)) return c.body(null, 304);
    if (!withVector) return c.json(restaurant, 200);
    const vector = await embeddings.findVector(id, currentModel.version());
    return c.json(
      { ...restaurant, embedding: { ...restaurant.embedding, ...(vector && { vector: [...vector] }) } },
      200,
    );
  });
}

const timingOf = (outcome: EmbedOutcome) => ('timing' in outcome ? outcome.timing : undefined);
const part = (name: string, ms: number) => `${name};dur=${ms.toFixed(2)}`;

function serverTiming(outcome: EmbedOutcome, durationMs: number): string {
  const how = outcome.status === 'ready' ? outcome.origin : outcome.status;
  const whole = `embed;dur=${durationMs.toFixed(2)};desc="${how}"`;
  const timing = timingOf(outcome);
  if (!timing) return whole;
  const { waitMs, inferenceMs, storeMs } = timing;
  return [whole, part('wait', waitMs), part('inference', inferenceMs), part('store', storeMs)].join(', ');
}
