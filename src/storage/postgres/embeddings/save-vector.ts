/** Stores one vector with its record, in one statement that checks again that the row still has this text. */
import type { NewVector, SaveOutcome } from '../../../embedding/embedding-store.ts';
import type { Queries } from '../connection/database.ts';
import { claimName } from '../coordination/claim-name.ts';
import { createVectorTable, unlessDropped, vectorTable } from './vector-table.ts';
import { writeVector } from './vector-wire.ts';

/** Rejects with a `RangeError` when the vector does not have the version's dimensions. Ends the text's claim. */
export async function saveVector(queries: Queries, vector: NewVector, now: Date): Promise<SaveOutcome> {
  const saved = await unlessDropped(saveInto(queries, vector, now), undefined);
  if (saved !== undefined) return saved;
  await queries.run(createVectorTable(vector.modelVersion));
  return saveInto(queries, vector, now);
}

async function saveInto(
  queries: Queries,
  { restaurantId, textHash, vector, modelVersion }: NewVector,
  now: Date,
): Promise<SaveOutcome> {
  if (vector.length !== modelVersion.dimensions) {
    throw new RangeError(
      `a vector of ${vector.length} numbers does not fit a model version of ${modelVersion.dimensions}`,
    );
  }
  const createdAt = now.toISOString();
  const saved = await queries.row<{ same: boolean; version: number }>(
    `WITH own AS MATERIALIZED (
       SELECT id, version, text_hash = decode(:textHash, 'hex') AS same FROM restaurants
       WHERE id = :restaurantId FOR KEY SHARE),
     stored AS (
       INSERT INTO ${vectorTable(modelVersion)} AS v (restaurant_id, text_hash, embedding)
       SELECT id, decode(:textHash, 'hex'), :vector::vector FROM own WHERE same
       ON CONFLICT (restaurant_id) DO UPDATE SET text_hash = excluded.text_hash, embedding = excluded.embedding
       RETURNING restaurant_id),
     recorded AS (
       INSERT INTO embeddings (restaurant_id, model_version_id, text_hash, created_at)
       SELECT restaurant_id, :modelVersion, decode(:textHash, 'hex'), :at FROM stored
       ON CONFLICT (restaurant_id, model_version_id)
         DO UPDATE SET text_hash = excluded.text_hash, created_at = excluded.created_at
       RETURNING restaurant_id),
     cleared AS (
       DELETE FROM embedding_failures f USING recorded
       WHERE f.restaurant_id = recorded.restaurant_id AND f.model_version_id = :modelVersion),
     released AS (DELETE FROM leases WHERE name = :claim)
     SELECT same, version FROM own`,
    {
      restaurantId,
      textHash,
      vector: writeVector(vector),
      modelVersion: modelVersion.id,
      at: createdAt,
      claim: claimName(textHash, modelVersion),
    },
  );
  if (!saved) return { status: 'gone' };
  if (!saved.same) return { status: 'text-changed' };
  return { status: 'stored', createdAt, model: modelVersion.model, restaurantVersion: saved.version };
}
