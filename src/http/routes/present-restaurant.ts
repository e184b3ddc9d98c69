/** A restaurant as responses show it: its stored state and its current embedding. */
import { distanceKm } from '../../catalog/distance.ts';
import type { GeoFilter } from '../../catalog/restaurant-filters.ts';
import type { EmbeddingSummary, Restaurant } from '../../catalog/restaurant.ts';
import type { EmbedOutcome, LazyEmbedding } from '../../embedding/embed-on-demand.ts';

/** Shows `pending` while the row is being embedded, and `outcome` if this request could not embed it. */
export function presentRestaurant(
  restaurant: Restaurant,
  embedding: Pick<LazyEmbedding, 'isPending'>,
  outcome?: EmbedOutcome,
): Restaurant {
  const { status } = restaurant.embedding;
  if (status === 'ready') return restaurant;
  if (outcome && (outcome.status === 'pending' || outcome.status === 'failed')) {
    return withStatus(restaurant, { status: outcome.status, reason: outcome.reason });
  }
  if (!embedding.isPending(restaurant.id)) return restaurant;
  return withStatus(restaurant, { status: 'pending', reason: 'in-progress' });
}

/** Adds the distance from `near`, in km with three decimals, when the request named a place. */
export function withDistance<Row extends Restaurant>(restaurant: Row, near: Place | undefined) {
  if (near === undefined) return restaurant;
  const { latitude, longitude } = restaurant;
  const km =
    latitude === null || longitude === null
      ? null
      : distanceKm(near.latitude, near.longitude, latitude, longitude);
  return { ...restaurant, distanceKm: km === null ? null : Math.round(km * 1_000) / 1_000 };
}

type Place = Pick<GeoFilter, 'latitude' | 'longitude'>;

function withStatus(restaurant: Restaurant, state: Pick<EmbeddingSummary, 'status' | 'reason'>): Restaurant {
  return { ...restaurant, embedding: { ...restaurant.embedding, ...state } };
}
