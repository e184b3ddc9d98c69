/** Why the catalogue rejects a call. */

export type CatalogErrorCode =
  'not-found' | 'version-mismatch' | 'external-id-taken' | 'idempotency-key-reused';

export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  constructor(
    readonly code: CatalogErrorCode,
    message: string,
  ) {
    super(message);
  }
}
