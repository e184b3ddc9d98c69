/** Stores one vector with its record, in one transaction that checks again that the row still has this text. */
import type { Database } from 'better-sqlite3';
import type { SaveOutcome } from '../../../embedding/embedding-store.ts';
import type { CurrentGeneration } from './current-model-version.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { VectorChanges } from './vector-changes.ts';

export interface Embedding {
  readonly restaurantId: number;
  readonly textHash: string;
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
}

export type SaveVector = (embedding: Embedding) => SaveOutcome;

export function createSaveVector(
  database: Database,
  current: CurrentGeneration,
  changes: VectorChanges,
  now: () => Date = () => new Date(),
): SaveVector {
  const prepare = createStatementCache(database);
  const textHashOf = database.prepare('SELECT text_hash FROM restaurants WHERE id = ?').pluck();
  const generationOf = database
    .prepare('SELECT generation_id FROM embeddings WHERE restaurant_id = ?')
    .pluck();
  const saveRecord = database.prepare(
    'INSERT OR REPLACE INTO embeddings (restaurant_id, generation_id, text_hash, created_at) VALUES (?, ?, ?, ?)',
  );
  const forgetFailure = database.prepare('DELETE FROM embedding_failures WHERE restaurant_id = ?');

  const save = database.transaction(({ restaurantId, textHash, vector }: Embedding): SaveOutcome => {
    const textNow = textHashOf.get(restaurantId);
    if (textNow === undefined) return 'gone';
    if (textNow !== textHash) return 'text-changed';
    const earlier = generationOf.get(restaurantId) as number | undefined;
    if (earlier !== undefined) {
      prepare(`DELETE FROM vectors_${earlier} WHERE rowid = ?`).run(BigInt(restaurantId));
    }
    prepare(`INSERT INTO vectors_${current.id} (rowid, vector) VALUES (?, ?)`).run(
      BigInt(restaurantId),
      vector,
    );
    saveRecord.run(restaurantId, current.id, textHash, now().toISOString());
    forgetFailure.run(restaurantId);
    return 'stored';
  }).immediate;

  return (embedding) => {
    if (current.id === 0) throw new Error('no generation is in use, so a vector has nowhere to go');
    const { restaurantId, vector } = embedding;
    if (vector.length !== current.dimensions) {
      throw new RangeError(
        `a vector of ${vector.length} numbers does not fit a generation of ${current.dimensions}`,
      );
    }
    const outcome = save(embedding);
    if (outcome === 'stored') changes.saved(restaurantId, vector);
    return outcome;
  };
}
