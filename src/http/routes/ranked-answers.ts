/** Common parts of similar, recommendations and search responses: coverage, scores, restaurants in rank order. */
import { z } from '@hono/zod-openapi';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import { presentRestaurant } from './present-restaurant.ts';

const count = z.int().min(0);

export const coverageSchema = z
  .object({
    eligible: count.openapi({ description: 'Restaurants that match the filters.' }),
    embedded: count.openapi({ description: 'How many of them have a current vector and can be ranked.' }),
    toppedUp: count.openapi({ description: 'How many were embedded for this response.' }),
  })
  .openapi('Coverage');

/** What `score` means in every answer. */
export const scoreSchema = z
  .number()
  .min(0)
  .max(1)
  .openapi({
    description:
      'How well the restaurant fits what was asked for, from 0 to 1: the weighted mean of what the answer is based on. ' +
      'Similar restaurants and recommendations: the vectors alone. Search: the vectors (weight 1), the words (0.4), the ' +
      'place if one is named (1.6), and the price if the query speaks of it (0.2).',
  });

/** Four decimals, the precision of int8 inference. */
export const clampScore = (score: number) => roundScore(Math.min(1, Math.max(0, score)));
export const roundScore = (score: number) => Math.round(score * 10_000) / 10_000;

/** Ranked responses are not sorted by distance, so `near` without a radius would have no effect. */
export const nearNeedsRadius = {
  check: ({ near, radiusKm }: { readonly near?: unknown; readonly radiusKm?: number | undefined }) =>
    near === undefined || radiusKm !== undefined,
  options: { path: ['near'], error: 'needs radiusKm, the distance in kilometres within which to look' },
};

export interface RankedDependencies {
  readonly restaurants: RestaurantStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
}

/** Loads the restaurants of `hits`, in order; rows deleted in the meantime are left out. */
export async function withRestaurants<Hit extends { readonly id: number }, Item>(
  { restaurants, embedding, currentModel }: RankedDependencies,
  hits: readonly Hit[],
  toItem: (restaurant: Restaurant, hit: Hit) => Item,
): Promise<Item[]> {
  const ids = hits.map(({ id }) => id);
  const rows = await restaurants.findMany(ids, currentModel.version());
  const found = new Map(rows.map((row) => [row.id, row]));
  return hits.flatMap((hit) => {
    const restaurant = found.get(hit.id);
    return restaurant ? [toItem(presentRestaurant(restaurant, embedding), hit)] : [];
  });
}
