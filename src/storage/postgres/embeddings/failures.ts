/** Failed embeddings: what failed, why, and when it may be tried again. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { EmbeddingFailure } from '../../../embedding/embedding-store.ts';
import type { Queries } from '../connection/database.ts';
import { claimName } from '../coordination/claim-name.ts';

export type ListedFailure = EmbeddingFailure & { readonly restaurantId: number; readonly name: string };

/** Does nothing for a row that was deleted or whose text has changed. Ends the text's claim. */
export async function recordFailure(
  queries: Queries,
  restaurantId: number,
  textHash: string,
  failure: EmbeddingFailure,
  modelVersion: StoredModelVersion,
): Promise<void> {
  await queries.run(
    `WITH released AS (DELETE FROM leases WHERE name = :claim)
     INSERT INTO embedding_failures
       (restaurant_id, model_version_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     SELECT id, :modelVersion, text_hash, :reason, :detail, :attempts, :failedAt, :retryAt
     FROM restaurants WHERE id = :restaurantId AND text_hash = decode(:textHash, 'hex')
     ON CONFLICT (restaurant_id, model_version_id) DO UPDATE SET
       text_hash = excluded.text_hash, reason = excluded.reason, detail = excluded.detail,
       attempts = excluded.attempts, failed_at = excluded.failed_at, retry_at = excluded.retry_at`,
    {
      restaurantId,
      textHash,
      claim: claimName(textHash, modelVersion),
      modelVersion: modelVersion.id,
      reason: failure.reason,
      detail: failure.detail,
      attempts: failure.attempts,
      failedAt: failure.failedAt,
      retryAt: failure.retryAt,
    },
  );
}

export function listFailures(
  queries: Queries,
  limit: number,
  modelVersion: number,
): Promise<ListedFailure[]> {
  return queries.rows<ListedFailure>(
    `SELECT f.restaurant_id AS "restaurantId", r.name, f.reason, f.detail, f.attempts,
            f.failed_at AS "failedAt", f.retry_at AS "retryAt"
     FROM embedding_failures f JOIN restaurants r ON r.id = f.restaurant_id
     WHERE f.model_version_id = :modelVersion AND f.text_hash = r.text_hash
     ORDER BY f.failed_at DESC, f.restaurant_id LIMIT :limit`,
    { limit, modelVersion },
  );
}

export const clearFailures = (queries: Queries, modelVersion: number): Promise<number> =>
  queries.run('DELETE FROM embedding_failures WHERE model_version_id = :modelVersion', { modelVersion });
