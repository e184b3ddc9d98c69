/** Why a vector could not be made. Clients see each code as the `reason` of an embedding. */

/**
 * - `queue-full`: the queue, or the client's share of it, is full; nothing was queued.
 * - `memory`: the model does not fit into the memory limit, or an allocation failed while it ran.
 * - `cpu`: the machine is throttled, and no client waits for this text.
 * - `model-missing`, `model-damaged`, `model-load-failed`: the files in the model folder cannot be used.
 * - `embedder-crashed`: the model process died while it embedded this text, twice.
 * - `embedder-backoff`: the model process failed repeatedly; it is started again after a delay.
 * - `timeout`: this text took longer than allowed.
 * - `inference-failed`: the model fails for this text and works for others.
 * - `invalid-vector`: the model's output for this text is not a finite unit vector of the right dimensions.
 * - `not-stored`: the vector was made, but the database could not store it (full disk, locked).
 * - `closing`: the service is shutting down.
 */
export type EmbeddingErrorCode =
  | 'queue-full'
  | 'memory'
  | 'cpu'
  | 'model-missing'
  | 'model-damaged'
  | 'model-load-failed'
  | 'embedder-crashed'
  | 'embedder-backoff'
  | 'timeout'
  | 'inference-failed'
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

/** Failures caused by the text itself: recorded with the row, which is retried with its own back-off. */
export const textFailureCodes: ReadonlySet<EmbeddingErrorCode> = new Set([
  'embedder-crashed',
  'timeout',
  'inference-failed',
  'invalid-vector',
]);

/** Transient conditions: the row is `pending`, not `failed`, and is retried automatically. */
export const transientCodes: ReadonlySet<EmbeddingErrorCode> = new Set([
  'queue-full',
  'memory',
  'cpu',
  'not-stored',
  'embedder-backoff',
  'closing',
]);
