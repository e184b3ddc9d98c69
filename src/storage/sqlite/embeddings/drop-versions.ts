/** Dropping what an earlier model version has stored. */
import type { Database } from 'better-sqlite3';

/** Ids of the versions that have a vec0 table, the latest used last. */
export function listVectorTables(database: Database): number[] {
  return database
    .prepare(
      `SELECT id FROM model_versions m
       WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'vectors_' || m.id) ORDER BY used_at, id`,
    )
    .pluck()
    .all() as number[];
}

/** Whether every row that has a vector of the earlier version has one of the later version too. */
export function isCovered(database: Database, earlierId: number, laterId: number): boolean {
  const uncovered = database
    .prepare(
      `SELECT 1 FROM embeddings e WHERE e.model_version_id = ? AND NOT EXISTS
         (SELECT 1 FROM embeddings l WHERE l.restaurant_id = e.restaurant_id AND l.model_version_id = ?) LIMIT 1`,
    )
    .pluck();
  return uncovered.get(earlierId, laterId) === undefined;
}

/**
 * Removes vectors, records and failures; to be called within a transaction. The version's row stays, so that its id is
 * never given to another version.
 */
export function dropVersion(database: Database, id: number): void {
  database.exec(`DROP TABLE IF EXISTS vectors_${id}`);
  database.prepare('DELETE FROM embeddings WHERE model_version_id = ?').run(id);
  database.prepare('DELETE FROM embedding_failures WHERE model_version_id = ?').run(id);
}

/**
 * Drops all but the latest used of the other versions, so that a database never holds vectors of more than two. To be
 * called within a transaction.
 */
export function makeRoom(database: Database, versionId: number, beforeDrop: () => void): void {
  const others = listVectorTables(database).filter((id) => id !== versionId);
  const oldest = others.slice(0, -1);
  if (oldest.length > 0) beforeDrop();
  for (const id of oldest) dropVersion(database, id);
}
