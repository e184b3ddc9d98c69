/** The VectorPackStore port on SQLite. */
import type { Database, Statement } from 'better-sqlite3';
import type { Generation } from '../../../embedding/model-version.ts';
import type { PackedVector, VectorPackStore } from '../../../transfer/vector-pack.ts';
import type { CurrentGeneration } from './current-model-version.ts';
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
  let selectRows: Statement | undefined;

  /** Lists once, in a temporary table, what waits for a vector: an index by text would slow every insert down. */
  function waitingRows(): Statement {
    database.exec(`
      CREATE TEMP TABLE waiting (text_hash TEXT NOT NULL, id INTEGER NOT NULL);
      INSERT INTO waiting SELECT r.text_hash, r.id FROM restaurants r
        LEFT JOIN embeddings e ON e.restaurant_id = r.id AND e.generation_id = ${current.id} AND e.text_hash = r.text_hash
        WHERE e.restaurant_id IS NULL;
      CREATE INDEX temp.waiting_by_text ON waiting (text_hash);`);
    return database.prepare('SELECT id FROM waiting WHERE text_hash = ?').pluck();
  }

  const store = database.transaction((vectors: readonly PackedVector[], rows: Statement) => {
    let stored = 0;
    for (const { textHash, vector } of vectors) {
      for (const restaurantId of rows.all(textHash) as number[]) {
        if (saveVector({ restaurantId, textHash, vector }) === 'stored') stored += 1;
      }
    }
    return stored;
  }).immediate;

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
    storePacked(vectors) {
      selectRows ??= waitingRows();
      return store(vectors, selectRows);
    },
  };
}
