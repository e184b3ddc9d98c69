/** The port through which a whole database is copied to another engine, with everything that belongs to a restaurant. */
import type { ModelVersion } from '../catalog/model-version.ts';
import type { RestaurantFields } from '../catalog/restaurant.ts';
import type { EmbeddingFailure } from '../embedding/embedding-store.ts';

export interface CopiedVector {
  readonly modelVersion: ModelVersion;
  /** sha-256 (hex) of the embedded text, which can be an earlier one of the row. */
  readonly textHash: string;
  readonly createdAt: string;
  /** float32[dimensions]. */
  readonly vector: Float32Array;
}

export interface CopiedFailure extends EmbeddingFailure {
  readonly modelVersion: ModelVersion;
  readonly textHash: string;
}

export interface CopiedRestaurant {
  readonly id: number;
  readonly fields: RestaurantFields;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly views: number;
  readonly vectors: readonly CopiedVector[];
  readonly failures: readonly CopiedFailure[];
}

export interface CopiedIdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
  /** The response, in JSON. */
  readonly restaurant: string;
  readonly createdAt: string;
}

/** Reads of one snapshot of a database. */
export interface CopyReader {
  count(): Promise<number>;
  /** The largest id ever used, deleted rows included. */
  lastId(): Promise<number>;
  /** Rows with `after` < id ≤ `last`, by ascending id, at most `limit`. */
  restaurants(request: {
    readonly after: number;
    readonly last?: number;
    readonly limit?: number;
  }): Promise<CopiedRestaurant[]>;
  /** By ascending key, after this one, at most `limit`. */
  idempotencyKeys(after: string, limit: number): Promise<CopiedIdempotencyKey[]>;
}

/** Every method can reject with a `StorageError`. */
export interface CopyStore extends CopyReader {
  /** All reads of `read` see one snapshot, whatever is written meanwhile. */
  readSnapshot<Result>(read: (reader: CopyReader) => Promise<Result>): Promise<Result>;
  /** Stores the rows unchanged and deletes the rows with the given ids, in one transaction. */
  write(changes: {
    readonly changed: readonly CopiedRestaurant[];
    readonly deletedIds: readonly number[];
  }): Promise<void>;
  writeIdempotencyKeys(keys: readonly CopiedIdempotencyKey[]): Promise<void>;
  /** Ids that are generated from now on are larger than this one. */
  advanceIds(lastId: number): Promise<void>;
  /** Called after the last write: builds what searching needs. */
  finish(): Promise<void>;
  close(): Promise<void>;
}
