/** A restaurant as responses show it: its stored state and its current embedding. */
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

function withStatus(restaurant: Restaurant, state: Pick<EmbeddingSummary, 'status' | 'reason'>): Restaurant {
  return { ...restaurant, embedding: { ...restaurant.embedding, ...state } };
}
