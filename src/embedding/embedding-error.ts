/** Why a vector could not be made: each code is shown to clients as the `reason` of an embedding. */

/**
 * - `queue-full`: too many texts wait already; nothing was queued.
 * - `memory`: the model does not fit into what is left of the memory limit.
 * - `model-missing`, `model-damaged`, `model-load-failed`: the model cannot be used as it lies there.
 * - `embedder-crashed`: the process that runs the model died, also on the retry.
 * - `embedder-backoff`: it died repeatedly and is not started again before a while.
 * - `timeout`: this text took longer than allowed.
 * - `invalid-vector`: the model gave something that is not a finite unit vector of the right length.
 * - `not-stored`: the vector was made, but the database could not take it (full disk, locked).
 * - `closing`: the service is shutting down.
 */
export type EmbeddingErrorCode =
  | 'queue-full'
  | 'memory'
  | 'model-missing'
  | 'model-damaged'
  | 'model-load-failed'
  | 'embedder-crashed'
  | 'embedder-backoff'
  | 'timeout'
  | 'invalid-vector'
  | 'not-stored'
  | 'closing';

export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
  constructor(
    readonly code: EmbeddingErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Failures that this very text caused: they are recorded with the row and backed off row by row. */
export const textFailureCodes: ReadonlySet<EmbeddingErrorCode> = new Set([
  'embedder-crashed',
  'timeout',
  'invalid-vector',
]);

/** Refusals that pass by themselves: the row is `pending`, not `failed`. */
export const transientCodes: ReadonlySet<EmbeddingErrorCode> = new Set([
  'queue-full',
  'memory',
  'not-stored',
  'embedder-backoff',
  'closing',
]);
