/** Failed embeddings: what failed, why, and when it may be tried again. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { EmbeddingFailure } from '../../../embedding/embedding-store.ts';
import { idOf } from './model-versions.ts';

type Version = StoredModelVersion | undefined;
type ListedFailure = EmbeddingFailure & { readonly restaurantId: number; readonly name: string };

export function createFailureStore(database: Database) {
  // The SELECT leaves out a row that is gone or whose text has changed meanwhile.
  const insert = database.prepare(
    `INSERT OR REPLACE INTO embedding_failures
       (restaurant_id, generation_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     SELECT id, :modelVersion, text_hash, :reason, :detail, :attempts, :failedAt, :retryAt
     FROM restaurants WHERE id = :restaurantId AND text_hash = :textHash`,
  );
  const remove = database.prepare('DELETE FROM embedding_failures WHERE restaurant_id = ?');
  const removeAll = database.prepare('DELETE FROM embedding_failures WHERE generation_id = ?');
  const select = database.prepare(
    `SELECT f.restaurant_id AS restaurantId, r.name, f.reason, f.detail, f.attempts,
            f.failed_at AS failedAt, f.retry_at AS retryAt
     FROM embedding_failures f JOIN restaurants r ON r.id = f.restaurant_id
     WHERE f.generation_id = ? AND f.text_hash = r.text_hash
     ORDER BY f.failed_at DESC, f.restaurant_id LIMIT ?`,
  );

  return {
    record(restaurantId: number, textHash: string, failure: EmbeddingFailure, version: Version): void {
      insert.run({ restaurantId, textHash, modelVersion: idOf(version), ...failure });
    },
    forget: (restaurantId: number) => remove.run(restaurantId),
    list: (limit: number, version: Version) => select.all(idOf(version), limit) as ListedFailure[],
    clear: (version: Version) => removeAll.run(idOf(version)).changes,
  };
}
