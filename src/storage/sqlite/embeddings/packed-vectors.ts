/** The VectorPackStore port on SQLite. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { PackedVector, VectorPackStore } from '../../../transfer/vector-pack.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { SaveVector } from './save-vector.ts';
import type { VectorReader } from './vector-reader.ts';

export function createVectorPackStore(
  database: Database,
  saveVector: SaveVector,
  stored: VectorReader,
): VectorPackStore {
  const prepare = createStatementCache(database);
  // One row for each text, as all rows with the same text have the same vector.
  const selectPage = database.prepare(
    `SELECT text_hash AS textHash, min(restaurant_id) AS id FROM embeddings
     WHERE model_version_id = ? AND text_hash > ? GROUP BY text_hash ORDER BY text_hash LIMIT ?`,
  );
  let waitingFor: number | undefined;

  /** Lists the rows without a vector in a temporary table: a permanent index by text would slow down every insert. */
  function listWaitingRows({ id }: StoredModelVersion): void {
    if (waitingFor === id) return;
    waitingFor = id;
    database.exec(`
      DROP TABLE IF EXISTS temp.waiting;
      CREATE TEMP TABLE waiting (text_hash TEXT NOT NULL, id INTEGER NOT NULL);
      INSERT INTO waiting SELECT r.text_hash, r.id FROM restaurants r
        LEFT JOIN embeddings e ON e.restaurant_id = r.id AND e.model_version_id = ${id} AND e.text_hash = r.text_hash
        WHERE e.restaurant_id IS NULL;
      CREATE INDEX temp.waiting_by_text ON waiting (text_hash);`);
  }

  const store = database.transaction((vectors: readonly PackedVector[], modelVersion: StoredModelVersion) => {
    const take = prepare('DELETE FROM temp.waiting WHERE text_hash = ? RETURNING id').pluck();
    let storedRows = 0;
    for (const { textHash, vector } of vectors) {
      for (const restaurantId of take.all(textHash) as number[]) {
        const saved = saveVector({ restaurantId, textHash, vector, modelVersion });
        if (saved.status === 'stored') storedRows += 1;
      }
    }
    return storedRows;
  }).immediate;

  return {
    async listPacked({ modelVersion, afterHash, limit }) {
      const page = selectPage.all(modelVersion.id, afterHash, limit) as { textHash: string; id: number }[];
      const read = stored.read(
        modelVersion,
        page.map(({ id }) => id),
      );
      const vectors = new Map(read.map(({ id, vector }) => [id, vector]));
      return page.flatMap(({ textHash, id }) => {
        const vector = vectors.get(id);
        return vector ? [{ textHash, vector }] : [];
      });
    },
    async storePacked(vectors, modelVersion) {
      listWaitingRows(modelVersion);
      return store(vectors, modelVersion);
    },
  };
}
