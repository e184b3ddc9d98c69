/** Failed embeddings: what failed, why, and when it may be tried again. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { EmbeddingFailure } from '../../../embedding/embedding-store.ts';
import { idOf } from './model-versions.ts';

type Version = StoredModelVersion | undefined;
type ListedFailure = EmbeddingFailure & { readonly restaurantId: number; readonly name: string };

export function createFailureStore(database: Database) {
  // No upsert: SQLite would fire only some of the counting triggers.
  const renew = database.prepare(
    `UPDATE embedding_failures SET text_hash = :textHash, reason = :reason, detail = :detail, attempts = :attempts,
       failed_at = :failedAt, retry_at = :retryAt
     WHERE restaurant_id = :restaurantId AND model_version_id = :modelVersion`,
  );
  const insert = database.prepare(
    `INSERT INTO embedding_failures
       (restaurant_id, model_version_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     VALUES (:restaurantId, :modelVersion, :textHash, :reason, :detail, :attempts, :failedAt, :retryAt)`,
  );
  const hasText = database.prepare('SELECT 1 FROM restaurants WHERE id = ? AND text_hash = ?').pluck();
  const removeAll = database.prepare('DELETE FROM embedding_failures WHERE model_version_id = ?');
  const select = database.prepare(
    `SELECT f.restaurant_id AS restaurantId, r.name, f.reason, f.detail, f.attempts,
            f.failed_at AS failedAt, f.retry_at AS retryAt
     FROM embedding_failures f JOIN restaurants r ON r.id = f.restaurant_id
     WHERE f.model_version_id = ? AND f.text_hash = r.text_hash
     ORDER BY f.failed_at DESC, f.restaurant_id LIMIT ?`,
  );

  return {
    record: database.transaction(
      (restaurantId: number, textHash: string, failure: EmbeddingFailure, version: Version): void => {
        if (!version || hasText.get(restaurantId, textHash) === undefined) return;
        const row = { restaurantId, textHash, modelVersion: version.id, ...failure };
        if (renew.run(row).changes === 0) insert.run(row);
      },
    ).immediate,
    list: (limit: number, version: Version) => select.all(idOf(version), limit) as ListedFailure[],
    clear: (version: Version) => removeAll.run(idOf(version)).changes,
  };
}
