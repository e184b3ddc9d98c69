/** Recommendations from what somebody likes and dislikes. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { EmbedOutcome, LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { preferenceVector, preferenceWeight, type Preference } from './preference-vector.ts';
import type { SearchStore } from './search-store.ts';
import type { Coverage, OnDemandCoverage } from './on-demand-coverage.ts';
import type { NearestNeighbours } from './nearest-neighbours.ts';

export interface Like {
  readonly id: number;
  /** 0–5, the user's own. */
  readonly rating?: number | undefined;
  /** When, ms since the epoch. */
  readonly at?: number | undefined;
}

export interface RecommendRequest {
  readonly likes: readonly Like[];
  readonly dislikes: readonly number[];
  readonly filters: RestaurantFilters;
  readonly limit: number;
}

export interface Recommendations {
  readonly items: readonly { readonly id: number; readonly score: number | null }[];
  /** `preferences` ranks by similarity; `top-rated` is the answer when there is no vector to compare with. */
  readonly strategy: 'preferences' | 'top-rated';
  readonly coverage: Coverage;
  /** Likes and dislikes that have no vector and so could not count. */
  readonly leftOut: readonly number[];
  /** Why the first of them has none. */
  readonly reason?: string;
}

export interface RecommendDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly store: SearchStore;
  readonly neighbours: Pick<NearestNeighbours, 'nearest'>;
  readonly currentModel: CurrentModel;
  readonly onDemandCoverage: OnDemandCoverage;
  readonly embedWaitMs: number;
  readonly now?: () => number;
}

/** Ids that were liked or disliked and do not exist: the caller says so to the client. */
export class UnknownPreferenceError extends Error {
  override readonly name = 'UnknownPreferenceError';
  constructor(readonly ids: readonly number[]) {
    super(`There are no restaurants with these ids: ${ids.join(', ')}.`);
  }
}

/** Liked and disliked rows are left out of the answer. Throws {@link UnknownPreferenceError}. */
export async function recommend(
  dependencies: RecommendDependencies,
  request: RecommendRequest,
): Promise<Recommendations> {
  const { restaurants, store, neighbours, currentModel, onDemandCoverage } = dependencies;
  const { filters, limit } = request;
  const likes = mergeLikes(request.likes);
  const dislikes = [...new Set(request.dislikes)];
  const excludedIds = [...new Set([...likes.map(({ id }) => id), ...dislikes])];
  const known = new Map(
    (await restaurants.findMany(excludedIds, currentModel.version())).map((restaurant) => [
      restaurant.id,
      restaurant,
    ]),
  );
  const unknown = excludedIds.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new UnknownPreferenceError(unknown);

  const { preferences, ...left } =
    likes.length > 0 ? await findPreferences(dependencies, likes, dislikes) : nothingKnown;
  const vector = preferenceVector(preferences);
  const favourite = likes[0] && known.get(likes[0].id);
  const coverage = await onDemandCoverage.run(filters, { cuisineType: favourite?.cuisineType });
  const modelVersion = currentModel.version();
  if (vector && modelVersion) {
    const items = await neighbours.nearest({ vector, limit, filters, excludedIds, modelVersion });
    return { items, strategy: 'preferences', coverage, ...left };
  }
  const ids = await store.listTopRated({ filters, limit, excludedIds, modelVersion });
  return { items: ids.map((id) => ({ id, score: null })), strategy: 'top-rated', coverage, ...left };
}

interface Known {
  readonly preferences: readonly Preference[];
  readonly leftOut: readonly number[];
  readonly reason?: string;
}

const nothingKnown: Known = { preferences: [], leftOut: [] };

async function findPreferences(
  { embeddings, embedding, currentModel, embedWaitMs, now = Date.now }: RecommendDependencies,
  likes: readonly Like[],
  dislikes: readonly number[],
): Promise<Known> {
  const weighted = [
    ...likes.map(({ id, rating, at }) => ({ id, weight: preferenceWeight(rating, at, now()) })),
    ...dislikes.map((id) => ({ id, weight: -preferenceWeight(undefined, undefined, now()) })),
  ];
  // One after the other, and none after one that has to wait, so that a request has at most one text in the queue.
  const deadline = performance.now() + embedWaitMs;
  let pending: EmbedOutcome | undefined;
  const found = [];
  for (const { id, weight } of weighted) {
    const waitMs = deadline - performance.now();
    const outcome = pending ?? (await embedding.embedOnDemand(id, { priority: 'query', waitMs }));
    if (outcome.status === 'pending') pending = outcome;
    found.push({ id, weight, outcome, vector: await embeddings.findVector(id, currentModel.version()) });
  }
  const left = found.filter(({ vector }) => !vector);
  const outcome = left[0]?.outcome;
  return {
    preferences: found.flatMap(({ weight, vector }) => (vector ? [{ weight, vector }] : [])),
    leftOut: left.map(({ id }) => id),
    ...(outcome && { reason: 'reason' in outcome ? outcome.reason : 'in-progress' }),
  };
}

/** A restaurant that is liked more than once counts once, with its latest like. */
function mergeLikes(likes: readonly Like[]): Like[] {
  const merged = new Map<number, Like>();
  for (const like of likes) {
    const earlier = merged.get(like.id);
    if (!earlier || (like.at ?? Infinity) >= (earlier.at ?? Infinity)) merged.set(like.id, like);
  }
  return [...merged.values()];
}
