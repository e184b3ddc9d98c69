/** Restaurants similar to a restaurant. */
import { CatalogError } from '../catalog/catalog-error.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
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
  readonly neighbours: Pick<NearestNeighbours, 'nearest'>;
  readonly currentModel: CurrentModel;
  readonly onDemandCoverage: OnDemandCoverage;
  readonly embedWaitMs: number;
}

/** Embeds the restaurant first when it has no vector. Throws `not-found`. */
export async function findSimilar(
  dependencies: SimilarDependencies,
  id: number,
  { filters, limit }: { readonly filters: RestaurantFilters; readonly limit: number },
): Promise<SimilarAnswer> {
  const { restaurants, embeddings, embedding, neighbours, currentModel, onDemandCoverage, embedWaitMs } =
    dependencies;
  const restaurant = await restaurants.find(id, currentModel.version());
  if (!restaurant) throw new CatalogError('not-found', `There is no restaurant with id ${id}.`);
  const outcome = await embedding.embedOnDemand(id, { priority: 'read', waitMs: embedWaitMs });
  const coverage = await onDemandCoverage.run(filters, { cuisineType: restaurant.cuisineType });
  const modelVersion = currentModel.version();
  const vector = await embeddings.findVector(id, modelVersion);
  if (!vector || !modelVersion) {
    const reason = 'reason' in outcome ? outcome.reason : 'in-progress';
    return { neighbours: [], coverage, reason };
  }
  const found = await neighbours.nearest({ vector, limit, filters, excludedIds: [id], modelVersion });
  return { neighbours: found, coverage };
}
