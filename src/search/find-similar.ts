/** Restaurants similar to a restaurant. */
import { CatalogError } from '../catalog/catalog-error.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { diversify } from './diversify.ts';
import type { Coverage, OnDemandCoverage } from './on-demand-coverage.ts';
import type { NearestNeighbours, Neighbour } from './nearest-neighbours.ts';

export interface SimilarAnswer {
  readonly neighbours: readonly Neighbour[];
  readonly coverage: Coverage;
  /** Why there are no neighbours, when the restaurant itself has no vector. */
  readonly reason?: string;
}

export interface SimilarDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly neighbours: Pick<NearestNeighbours, 'nearest' | 'scoreRows' | 'readVectors'>;
  readonly currentModel: CurrentModel;
  readonly onDemandCoverage: OnDemandCoverage;
  readonly embedWaitMs: number;
}

export interface SimilarRequest {
  readonly filters: RestaurantFilters;
  readonly limit: number;
  /** Rows of the ranking to skip, 0 by default; with an offset no other restaurant is embedded. */
  readonly offset?: number | undefined;
  readonly excludedIds?: readonly number[] | undefined;
  /** 0–1; 0, the default, ranks by the cosine alone. */
  readonly diversity?: number | undefined;
}

/** Rows among which a diverse answer is chosen, for each row of the answer. */
const DIVERSE_CHOICE = 3;

/** Embeds the restaurant first when it has no vector. Throws `not-found`. */
export async function findSimilar(
  dependencies: SimilarDependencies,
  id: number,
  { filters, limit, offset = 0, excludedIds = [], diversity = 0 }: SimilarRequest,
): Promise<SimilarAnswer> {
  const { restaurants, embeddings, embedding, neighbours, currentModel, onDemandCoverage, embedWaitMs } =
    dependencies;
  const restaurant = await restaurants.find(id, currentModel.version());
  if (!restaurant) throw new CatalogError('not-found', `There is no restaurant with id ${id}.`);
  const outcome = await embedding.embedOnDemand(id, { priority: 'read', waitMs: embedWaitMs });
  const coverage =
    offset === 0
      ? await onDemandCoverage.run(filters, { cuisineType: restaurant.cuisineType })
      : await onDemandCoverage.count(filters);
  const modelVersion = currentModel.version();
  const vector = await embeddings.findVector(id, modelVersion);
  if (!vector || !modelVersion) {
    const reason = 'reason' in outcome ? outcome.reason : 'in-progress';
    return { neighbours: [], coverage, reason };
  }
  const count = offset + limit;
  const found = await neighbours.nearest({
    vector,
    limit: diversity > 0 ? count * DIVERSE_CHOICE : count,
    filters,
    excludedIds: [id, ...excludedIds],
    modelVersion,
  });
  if (diversity === 0) return { neighbours: found.slice(offset), coverage };
  const vectors = await neighbours.readVectors(
    found.map((neighbour) => neighbour.id),
    modelVersion,
  );
  return { neighbours: diversify(found, vectors, diversity, count).slice(offset), coverage };
}
