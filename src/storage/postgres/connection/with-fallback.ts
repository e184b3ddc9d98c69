/** Queries on a replica, and on the primary while the replica cannot answer them. */
import type { Queries } from './database.ts';
import { codeOf, isSerializationFailure } from './storage-errors.ts';
import { StorageError } from '../../../catalog/storage-error.ts';

/** How long a replica that failed is not used, in ms. */
const PAUSE_MS = 2_000;

/** A replica also cancels statements that conflict with the changes it applies. */
const isReplicaFailure = (error: unknown): boolean =>
  (error instanceof StorageError ? error.code : codeOf(error)) === 'unavailable' ||
  isSerializationFailure(error instanceof StorageError ? error.cause : error);

export function withFallback(replica: Queries, primary: Queries): Queries {
  let notBefore = -Infinity;

  async function ask<Result>(query: (queries: Queries) => Promise<Result>): Promise<Result> {
    if (performance.now() < notBefore) return query(primary);
    try {
      return await query(replica);
    } catch (error) {
      if (!isReplicaFailure(error)) throw error;
      notBefore = performance.now() + PAUSE_MS;
      return query(primary);
    }
  }

  return {
    rows: (sql, values) => ask((queries) => queries.rows(sql, values)),
    row: (sql, values) => ask((queries) => queries.row(sql, values)),
    run: (sql, values) => ask((queries) => queries.run(sql, values)),
  };
}
