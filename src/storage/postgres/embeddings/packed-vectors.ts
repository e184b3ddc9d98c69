/** The VectorPackStore port on PostgreSQL. */
import type { VectorPackStore } from '../../../transfer/vector-pack.ts';
import type { Database } from '../connection/database.ts';
import { unlessDropped, vectorTable } from './vector-table.ts';
import { readVector, vectorRows } from './vector-wire.ts';

export function createVectorPackStore(
  database: Database,
  now: () => Date = () => new Date(),
): VectorPackStore {
  return {
    async listPacked({ modelVersion, afterHash, limit }) {
      const page = database.rows<{ textHash: string; vector: Buffer }>(
        `SELECT encode(page.text_hash, 'hex') AS "textHash", vector_send(v.embedding) AS vector
         FROM (SELECT text_hash, min(restaurant_id) AS id FROM embeddings
               WHERE model_version_id = :modelVersion AND text_hash > decode(:afterHash, 'hex')
               GROUP BY text_hash ORDER BY text_hash LIMIT :limit) page
         JOIN ${vectorTable(modelVersion)} v ON v.restaurant_id = page.id AND v.text_hash = page.text_hash
         ORDER BY page.text_hash`,
        { modelVersion: modelVersion.id, afterHash, limit },
      );
      const rows = await unlessDropped(page, []);
      return rows.map(({ textHash, vector }) => ({ textHash, vector: readVector(vector) }));
    },
    async storePacked(vectors, modelVersion) {
      if (vectors.length === 0) return 0;
      const rows = vectorRows(
        vectors.map(({ textHash, vector }) => ({ key: Buffer.from(textHash, 'hex'), vector })),
        'bytea',
      );
      return database.run(
        `WITH packed (text_hash, vector) AS MATERIALIZED (VALUES ${rows.sql}),
           stored AS (
             INSERT INTO ${vectorTable(modelVersion)} AS v (restaurant_id, text_hash, embedding)
             SELECT r.id, r.text_hash, packed.vector FROM packed JOIN restaurants r ON r.text_hash = packed.text_hash
             WHERE NOT EXISTS (SELECT 1 FROM ${vectorTable(modelVersion)} own
               WHERE own.restaurant_id = r.id AND own.text_hash = r.text_hash)
             ORDER BY r.id
             ON CONFLICT (restaurant_id) DO UPDATE
               SET text_hash = excluded.text_hash, embedding = excluded.embedding
             RETURNING restaurant_id, text_hash),
           cleared AS (
             DELETE FROM embedding_failures f USING stored
             WHERE f.restaurant_id = stored.restaurant_id AND f.model_version_id = :modelVersion)
           INSERT INTO embeddings (restaurant_id, model_version_id, text_hash, created_at)
           SELECT restaurant_id, :modelVersion, text_hash, :at FROM stored
           ON CONFLICT (restaurant_id, model_version_id)
             DO UPDATE SET text_hash = excluded.text_hash, created_at = excluded.created_at`,
        { ...rows.values, modelVersion: modelVersion.id, at: now().toISOString() },
      );
    },
  };
}
