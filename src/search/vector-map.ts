/** The port of the map: restaurants with the positions of their vectors in two dimensions. */
import type { StoredModelVersion } from '../catalog/model-version.ts';

export interface MapPoint {
  readonly id: number;
  readonly name: string;
  readonly cuisineType: string | null;
  /** Undefined for a restaurant without a current vector. */
  readonly position: readonly [x: number, y: number] | undefined;
}

export interface VectorMap {
  /** The most viewed first, at most `limit` of `total`; `fit` changes when all positions do. */
  points(
    limit: number,
    modelVersion: StoredModelVersion | undefined,
  ): Promise<{ readonly fit: number; readonly total: number; readonly points: MapPoint[] }>;
  /** The position of a restaurant under the current fit, if there is one. */
  position(
    id: number,
    modelVersion: StoredModelVersion | undefined,
  ): Promise<{ readonly fit: number; readonly position: readonly [number, number] } | undefined>;
}
