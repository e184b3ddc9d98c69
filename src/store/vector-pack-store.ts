/** The VectorPackStore port on SQLite. */
import type { Database } from 'better-sqlite3';
import type { Generation } from '../embedding/generation.ts';
import type { PackedVector, VectorPackStore } from '../embedding/vector-pack.ts';
import type { CurrentGeneration } from './current-generation.ts';
import type { SaveVector } from './save-vector.ts';
import { createVectorChunks } from './vector-chunks.ts';

export function createVectorPackStore(
  database: Database,
  current: CurrentGeneration,
  saveVector: SaveVector,
): VectorPackStore {
  const chunks = createVectorChunks(database);
  const selectGeneration = database.prepare(
    'SELECT model, sha256, template_version AS templateVersion, dimensions FROM generations WHERE id = ?',
  );
  // One row a text: any of those that share it has the same vector.
  const selectPage = database.prepare(
    `SELECT text_hash AS textHash, min(restaurant_id) AS id FROM embeddings
     WHERE generation_id = ? AND text_hash > ? GROUP BY text_hash ORDER BY text_hash LIMIT ?`,
  );
  const selectRows = database
    .prepare(
      `SELECT r.id FROM restaurants r LEFT JOIN embeddings e ON e.restaurant_id = r.id
       WHERE r.text_hash = :textHash
         AND (e.restaurant_id IS NULL OR e.generation_id <> :generation OR e.text_hash <> r.text_hash)`,
    )
    .pluck();

  return {
    generation: () => selectGeneration.get(current.id) as Generation | undefined,
    listPacked(afterHash, limit) {
      const page = selectPage.all(current.id, afterHash, limit) as { textHash: string; id: number }[];
      const vectors = new Map(
        chunks
          .read(
            current.id,
            current.dimensions,
            page.map(({ id }) => id),
          )
          .map(({ id, vector }) => [id, vector]),
      );
      return page.flatMap(({ textHash, id }) => {
        const vector = vectors.get(id);
        return vector ? [{ textHash, vector }] : [];
      });
    },
    storePacked: database.transaction((vectors: readonly PackedVector[]) => {
      let stored = 0;
      for (const { textHash, vector } of vectors) {
        for (const restaurantId of selectRows.all({ textHash, generation: current.id }) as number[]) {
          saveVector({ restaurantId, textHash, vector });
          stored += 1;
        }
      }
      return stored;
    }).immediate,
  };
}
