/** Reads vectors one by one through the public interface of vec0: slow, but independent of its internal tables. */
import type { Database } from 'better-sqlite3';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { StoredVector, VectorReader } from './vector-reader.ts';

export function createVectorPoints(database: Database): VectorReader {
  const prepare = createStatementCache(database);

  const read: VectorReader['read'] = ({ id: versionId, dimensions }, ids) => {
    const select = prepare(`SELECT vector FROM vectors_${versionId} WHERE rowid = ?`).pluck();
    return ids.flatMap((id): StoredVector[] => {
      const bytes = select.get(BigInt(id)) as Buffer | undefined;
      if (!bytes) return [];
      return [{ id, vector: new Float32Array(Uint8Array.from(bytes).buffer, 0, dimensions) }];
    });
  };

  return {
    read,
    page(version, after, rows) {
      const ids = prepare(
        `SELECT restaurant_id FROM embeddings WHERE model_version_id = ? AND restaurant_id > ?
         ORDER BY restaurant_id LIMIT ?`,
      )
        .pluck()
        .all(version.id, after, rows) as number[];
      const last = ids.at(-1);
      return last === undefined ? undefined : { vectors: read(version, ids), last };
    },
  };
}
