/** Failed embeddings: what failed, why, and when it may be tried again. */
import type { Database } from 'better-sqlite3';
import type { EmbeddingFailure } from '../../../embedding/embedding-store.ts';
import type { CurrentGeneration } from './current-model-version.ts';

type ListedFailure = EmbeddingFailure & { readonly restaurantId: number; readonly name: string };

export function createFailureStore(database: Database, current: CurrentGeneration) {
  // The SELECT leaves out a row that is gone or whose text has changed meanwhile.
  const insert = database.prepare(
    `INSERT OR REPLACE INTO embedding_failures
       (restaurant_id, generation_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     SELECT id, :generation, text_hash, :reason, :detail, :attempts, :failedAt, :retryAt
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
    record(restaurantId: number, textHash: string, failure: EmbeddingFailure): void {
      insert.run({ restaurantId, textHash, generation: current.id, ...failure });
    },
    forget: (restaurantId: number) => remove.run(restaurantId),
    list: (limit: number) => select.all(current.id, limit) as ListedFailure[],
    clear: () => removeAll.run(current.id).changes,
  };
}
