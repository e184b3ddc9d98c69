/** The port through which vectors and their records are stored. */
import type { EmbeddingErrorCode } from './embedding-error.ts';
import type { StoredModelVersion } from '../catalog/model-version.ts';

/** What is read of a row in order to embed it. */
export interface EmbeddingSource {
  readonly restaurantId: number;
  readonly text: string;
  readonly textHash: string;
  /** A vector of this model version and the current text exists. */
  readonly ready: boolean;
  /** The recorded failure for this text and model version, if the last attempt failed. */
  readonly failure: EmbeddingFailure | undefined;
}

export interface EmbeddingFailure {
  readonly reason: EmbeddingErrorCode;
  readonly detail: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly failedAt: string;
  readonly retryAt: string;
}

export interface EmbeddingCounts {
  readonly total: number;
  readonly ready: number;
  readonly stale: number;
  readonly missing: number;
  readonly failed: number;
}

export interface UnembeddedRow {
  readonly restaurantId: number;
  readonly viewCount: number;
  /** 0–2: one for a cuisine, and one for a place, of which other restaurants are viewed. */
  readonly demandScore: number;
}

/** What a response shows of a stored vector. */
export interface SavedVector {
  readonly status: 'stored';
  /** ISO 8601. */
  readonly createdAt: string;
  /** The name of the model that made the vector. */
  readonly model: string;
  /** The restaurant's version in the transaction that stored the vector. */
  readonly restaurantVersion: number;
}

export type SaveOutcome = SavedVector | { readonly status: 'text-changed' | 'gone' };

/** A vector to be stored. */
export interface NewVector {
  readonly restaurantId: number;
  /** sha-256 (hex) of the text that was embedded. */
  readonly textHash: string;
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  readonly modelVersion: StoredModelVersion;
}

type Version = StoredModelVersion | undefined;

/** Every method can reject with a `StorageError`. */
export interface EmbeddingStore {
  findSource(restaurantId: number, modelVersion: Version): Promise<EmbeddingSource | undefined>;
  /** This version's vector of the restaurant and its current text, float32[dimensions]. */
  findVector(restaurantId: number, modelVersion: Version): Promise<Float32Array | undefined>;
  /** This version's vector of any restaurant whose embedded text has this hash. */
  findVectorByTextHash(textHash: string, modelVersion: Version): Promise<Float32Array | undefined>;
  /**
   * Stores vector and record in one transaction that checks again that the row still has this text, replaces this
   * version's vector of an earlier text, and clears a recorded failure. Rejects with a `RangeError` when the vector
   * does not have the version's dimensions.
   */
  save(vector: NewVector): Promise<SaveOutcome>;
  /**
   * Claims the embedding of a text for this process, so that processes which share a database make each vector once.
   * False while another process has the claim. A claim ends with `releaseText`, with the vector's `save`, or `ttlMs`
   * after it was made, for a process that died with it. An engine that one process uses at a time always grants it.
   */
  claimText(textHash: string, modelVersion: StoredModelVersion, ttlMs: number): Promise<boolean>;
  /** Gives up this process's claim, if it has one. */
  releaseText(textHash: string, modelVersion: StoredModelVersion): Promise<void>;
  /** Resolves when no other process has a claim to the text any longer, or after `waitMs`. */
  waitForText(textHash: string, modelVersion: StoredModelVersion, waitMs: number): Promise<void>;
  /** Records a failure, unless the row's text has changed or the row is gone meanwhile. */
  recordFailure(
    restaurantId: number,
    textHash: string,
    failure: EmbeddingFailure,
    modelVersion: Version,
  ): Promise<void>;
  listFailures(
    limit: number,
    modelVersion: Version,
  ): Promise<(EmbeddingFailure & { restaurantId: number; name: string })[]>;
  /** Forgets recorded failures so that they are tried at once; returns how many. */
  clearFailures(modelVersion: Version): Promise<number>;
  /**
   * Rows that a backfill should embed, by ascending id, in steps between which the event loop runs. Leaves out what is
   * ready and what failed and is not to be tried yet.
   */
  walkUnembedded(modelVersion: Version): AsyncIterable<readonly UnembeddedRow[]>;
  counts(modelVersion: Version): Promise<EmbeddingCounts>;
  /**
   * The catalogue by ascending id, cut into at most `maxRuns` runs of nearly equal length: for each run how many
   * restaurants it has, and how many of them are `ready`.
   */
  countByRun(
    maxRuns: number,
    modelVersion: Version,
  ): Promise<readonly { readonly total: number; readonly ready: number }[]>;
}
