/** The port of nearest-neighbour search over the vectors of one model version. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';

export interface NearestRequest {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  readonly limit: number;
  /** Applied inside the search: `limit` rows are found when `limit` rows match. */
  readonly filters: RestaurantFilters;
  readonly excludedIds: readonly number[];
  /** The version that made `vector`. */
  readonly modelVersion: StoredModelVersion;
}

export interface Neighbour {
  readonly id: number;
  /** Cosine similarity, −1…1. */
  readonly score: number;
}

export interface NearestNeighbours {
  /** Rows with a vector of this version and their current text, the most similar first, ties by id. */
  nearest(request: NearestRequest): Promise<Neighbour[]>;
  /** The cosines of these rows with the vector, in any order; rows without a current vector are left out. */
  scoreRows(request: {
    readonly vector: Float32Array;
    readonly ids: readonly number[];
    readonly modelVersion: StoredModelVersion;
  }): Promise<Neighbour[]>;
  /** The current vectors of these rows, float32[dimensions], unit length. */
  readVectors(
    ids: readonly number[],
    modelVersion: StoredModelVersion,
  ): Promise<ReadonlyMap<number, Float32Array>>;
  /** Frees memory that the engine keeps for searches in this process; returns the bytes freed. */
  releaseMemory(): Promise<number>;
}
