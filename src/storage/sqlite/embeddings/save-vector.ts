/** Stores one vector with its record, in one transaction that checks again that the row still has this text. */
import type { Database } from 'better-sqlite3';
import type { NewVector, SaveOutcome } from '../../../embedding/embedding-store.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { VectorChanges } from './vector-changes.ts';

export type SaveVector = (vector: NewVector) => SaveOutcome;

/** Throws a `RangeError` for a vector that does not have the version's dimensions. */
export function createSaveVector(
  database: Database,
  changes: VectorChanges,
  now: () => Date = () => new Date(),
): SaveVector {
  const prepare = createStatementCache(database);
  const textHashOf = database.prepare('SELECT text_hash FROM restaurants WHERE id = ?').pluck();
  const versionOf = database.prepare('SELECT generation_id FROM embeddings WHERE restaurant_id = ?').pluck();
  const saveRecord = database.prepare(
    'INSERT OR REPLACE INTO embeddings (restaurant_id, generation_id, text_hash, created_at) VALUES (?, ?, ?, ?)',
  );
  const forgetFailure = database.prepare('DELETE FROM embedding_failures WHERE restaurant_id = ?');

  const save = database.transaction(
    ({ restaurantId, textHash, vector, modelVersion }: NewVector): SaveOutcome => {
      const textNow = textHashOf.get(restaurantId);
      if (textNow === undefined) return 'gone';
      if (textNow !== textHash) return 'text-changed';
      const earlier = versionOf.get(restaurantId) as number | undefined;
      if (earlier !== undefined) {
        prepare(`DELETE FROM vectors_${earlier} WHERE rowid = ?`).run(BigInt(restaurantId));
      }
      prepare(`INSERT INTO vectors_${modelVersion.id} (rowid, vector) VALUES (?, ?)`).run(
        BigInt(restaurantId),
        vector,
      );
      saveRecord.run(restaurantId, modelVersion.id, textHash, now().toISOString());
      forgetFailure.run(restaurantId);
      return 'stored';
    },
  ).immediate;

  return (embedding) => {
    const { restaurantId, vector, modelVersion } = embedding;
    if (vector.length !== modelVersion.dimensions) {
      throw new RangeError(
        `a vector of ${vector.length} numbers does not fit a model version of ${modelVersion.dimensions}`,
      );
    }
    const outcome = save(embedding);
    if (outcome === 'stored') changes.saved(restaurantId, vector, modelVersion.id);
    return outcome;
  };
}
