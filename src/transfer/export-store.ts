/** The port through which the catalogue is exported. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { Restaurant } from '../catalog/restaurant.ts';

export interface ExportedRestaurant {
  readonly restaurant: Restaurant;
  /** float32[dimensions]; only when vectors were asked for and the row has a current one. */
  readonly vector: Float32Array | undefined;
}

export interface ExportStore {
  /** Pages of rows by ascending id. Rows written meanwhile may or may not be in it. */
  pages(options: {
    readonly withVectors: boolean;
    readonly modelVersion: StoredModelVersion | undefined;
  }): AsyncIterable<readonly ExportedRestaurant[]>;
}
