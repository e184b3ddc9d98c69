/** The port through which vectors and their records are stored. */
import type { EmbeddingErrorCode } from './embedding-error.ts';
import type { Generation } from './model-version.ts';

/** What embedding a row needs to know of it. */
export interface EmbeddingSource {
  readonly restaurantId: number;
  readonly text: string;
  readonly textHash: string;
  /** A vector of the current generation and text exists. */
  readonly ready: boolean;
  /** The recorded failure for this very text and generation, if the last attempt failed. */
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
  /** 0–2: whether its cuisine, and its place, are those of restaurants that are viewed. */
  readonly demandScore: number;
}

export type SaveOutcome = 'stored' | 'text-changed' | 'gone';

export interface EmbeddingStore {
  /**
   * Makes this the current generation: from now on only its vectors are `ready`.
   * Undefined when no model can be identified: then every vector is `stale`.
   */
  useGeneration(generation: Generation | undefined): Promise<void>;
  /** Frees what other generations without a vector left take. Only for who has the model: others may use theirs. */
  dropUnusedGenerations(): Promise<void>;
  findSource(restaurantId: number): Promise<EmbeddingSource | undefined>;
  /** The current generation's vector of this restaurant and its current text, float32[dimensions]. */
  findVector(restaurantId: number): Promise<Float32Array | undefined>;
  /** A current-generation vector of any restaurant whose embedded text has this hash. */
  findVectorByTextHash(textHash: string): Promise<Float32Array | undefined>;
  /**
   * Stores vector and record in one transaction that checks again that the row still has this text,
   * replaces a vector of an earlier text or generation, and clears a recorded failure.
   */
  save(embedding: { restaurantId: number; textHash: string; vector: Float32Array }): Promise<SaveOutcome>;
  /** Records a failure, unless the row's text has changed or is gone meanwhile. */
  recordFailure(restaurantId: number, textHash: string, failure: EmbeddingFailure): Promise<void>;
  listFailures(limit: number): Promise<(EmbeddingFailure & { restaurantId: number; name: string })[]>;
  /** Forgets recorded failures so that they are tried at once; gives how many. */
  clearFailures(): Promise<number>;
  /**
   * What is to be embedded without anybody asking, by id, in steps between which requests have their turn. Leaves
   * out what is ready and what failed and is not to be tried yet.
   */
  walkUnembedded(): AsyncIterable<readonly UnembeddedRow[]>;
  counts(): Promise<EmbeddingCounts>;
}
