/** Storage failures in the terms of the domain: an engine translates its own error codes into these. */

/**
 * - `busy`: another process or transaction holds what is needed; the same call can succeed shortly after.
 * - `full`: there is no space left; reads still work.
 * - `read-only`: the database or its folder cannot be written by this user.
 * - `corrupt`: what is stored cannot be decoded; a backup has to be restored.
 * - `unavailable`: the database cannot be reached or read (I/O error, connection lost, closed).
 */
export type StorageErrorCode = 'busy' | 'full' | 'read-only' | 'corrupt' | 'unavailable';

/** Nothing of the failed call was stored. `message` is complete for an operator; `cause` is the engine's error. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** Commands print the message without a stack. */
  readonly expected = true;
  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
