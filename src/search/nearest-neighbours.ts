/** The port of nearest-neighbour search over the current vectors. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';

export interface NearestRequest {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  readonly limit: number;
  /** Applied inside the search: `limit` rows are found when `limit` rows match. */
  readonly filters: RestaurantFilters;
  readonly excludedIds: readonly number[];
}

export interface Neighbour {
  readonly id: number;
  /** Cosine similarity, −1…1. */
  readonly score: number;
}

export interface VectorIndex {
  /** The rows with a current vector of the current text, the most similar first, ties by id. */
  nearest(request: NearestRequest): Promise<Neighbour[]>;
}
