/** Recommendations from likes and dislikes. */
import type { Restaurant } from '../catalog/restaurant.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { collapseTwins, diversify } from './diversify.ts';
import { readTaste, type Like } from './read-taste.ts';
import type { SearchStore } from './search-store.ts';
import { sharedWords } from './shared-words.ts';
import { mainReason, tasteScore, tasteVector } from './taste.ts';
import type { Coverage, OnDemandCoverage } from './on-demand-coverage.ts';
import type { NearestNeighbours } from './nearest-neighbours.ts';

export type { Like } from './read-taste.ts';

export interface RecommendRequest {
  readonly likes: readonly Like[];
  readonly dislikes: readonly number[];
  readonly filters: RestaurantFilters;
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Ids that are left out besides those liked and disliked. */
  readonly excludedIds?: readonly number[] | undefined;
  /** 0–1; {@link DEFAULT_DIVERSITY} by default. Above 0, near-twins such as the branches of a chain are left out. */
  readonly diversity?: number | undefined;
}

/** Why an item is recommended. */
export interface Because {
  /** The liked restaurant that contributes most to its score. */
  readonly id: number;
  readonly name: string;
  /** Words that both have, as the item has them. */
  readonly sharedWords: readonly string[];
}

export interface Recommendation {
  readonly id: number;
  /** 0–1; null when the best rated are recommended. */
  readonly score: number | null;
  readonly because?: Because | undefined;
}

export interface Recommendations {
  readonly items: readonly Recommendation[];
  /** `preferences` ranks by taste; `top-rated` is the answer when there is no vector of a like to compare with. */
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
  readonly neighbours: Pick<NearestNeighbours, 'nearest' | 'scoreRows' | 'readVectors'>;
  readonly currentModel: CurrentModel;
  readonly onDemandCoverage: OnDemandCoverage;
  readonly embedWaitMs: number;
  readonly now?: () => number;
  /** Called after each answer that was ranked by vectors. */
  readonly onRanked?: (() => void) | undefined;
}

export const DEFAULT_DIVERSITY = 0.2;
/** Rows among which the answer is chosen: at least so many, and so many for each row of the answer. */
const MIN_CHOICE = 100;
const CHOICE_PER_ROW = 3;

/** Likes or dislikes name restaurants that do not exist. */
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
  const { restaurants, store, currentModel, onDemandCoverage } = dependencies;
  const { filters, limit, offset = 0, excludedIds = [] } = request;
  const given = [...request.likes.map(({ id }) => id), ...request.dislikes];
  const found = await restaurants.findMany([...new Set(given)], currentModel.version());
  const known = new Map(found.map((restaurant) => [restaurant.id, restaurant]));
  const unknown = [...new Set(given)].filter((id) => !known.has(id));
  if (unknown.length > 0) throw new UnknownPreferenceError(unknown);

  const { taste, ...left } = await readTaste(dependencies, request);
  const favourite = request.likes[0] && known.get(request.likes[0].id);
  const coverage =
    offset === 0
      ? await onDemandCoverage.run(filters, { cuisineType: favourite?.cuisineType })
      : await onDemandCoverage.count(filters);
  const excluded = [...new Set([...given, ...excludedIds])];
  const items = await rankByTaste(dependencies, request, taste, { known, excluded });
  if (items) dependencies.onRanked?.();
  if (items) return { items, strategy: 'preferences', coverage, ...left };
  const modelVersion = currentModel.version();
  const rated = { filters, limit: offset + limit, excludedIds: excluded, modelVersion };
  const ids = (await store.listTopRated(rated)).slice(offset);
  return { items: ids.map((id) => ({ id, score: null })), strategy: 'top-rated', coverage, ...left };
}

/** Undefined when no like has a vector. */
async function rankByTaste(
  { neighbours, restaurants, currentModel }: RecommendDependencies,
  { filters, limit, offset = 0, diversity = DEFAULT_DIVERSITY }: RecommendRequest,
  taste: Parameters<typeof tasteScore>[1],
  {
    known,
    excluded,
  }: { readonly known: ReadonlyMap<number, Restaurant>; readonly excluded: readonly number[] },
): Promise<Recommendation[] | undefined> {
  const mean = tasteVector(taste);
  const modelVersion = currentModel.version();
  if (!mean || !modelVersion) return undefined;
  const nearest = await neighbours.nearest({
    vector: mean,
    limit: Math.max(MIN_CHOICE, (offset + limit) * CHOICE_PER_ROW),
    filters,
    excludedIds: excluded,
    modelVersion,
  });
  const vectors = await neighbours.readVectors(
    nearest.map(({ id }) => id),
    modelVersion,
  );
  const scored = nearest
    .flatMap(({ id }) => {
      const vector = vectors.get(id);
      return vector ? [{ id, vector, score: tasteScore(vector, taste, mean) }] : [];
    })
    .sort((a, b) => b.score - a.score || a.id - b.id);
  const different = diversity > 0 ? collapseTwins(scored, vectors) : scored;
  const chosen = diversify(different, vectors, diversity, offset + limit).slice(offset);
  const rows = await restaurants.findMany(
    chosen.map(({ id }) => id),
    modelVersion,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return chosen.map(({ id, vector, score }) => {
    const reason = known.get(mainReason(vector, taste.liked) ?? 0);
    const item = byId.get(id);
    const because = reason &&
      item && { id: reason.id, name: reason.name, sharedWords: sharedWords(reason, item) };
    return { id, score, because };
  });
}
