/** The generations of vectors: finding or adding the current one, dropping those that nobody uses any more. */
import type { Database } from 'better-sqlite3';
import type { Generation } from '../../../embedding/model-version.ts';
import { CHUNK_ROWS } from './vector-chunks.ts';

/** Gives the generation's row id; makes its vec0 table when it is new, or was dropped. */
export function useGeneration(database: Database, generation: Generation): number {
  const { model, sha256, templateVersion, dimensions } = generation;
  const key = [model, sha256, templateVersion, dimensions];
  return database
    .transaction(() => {
      const known = database
        .prepare(
          'SELECT id FROM generations WHERE (model, sha256, template_version, dimensions) = (?, ?, ?, ?)',
        )
        .pluck()
        .get(...key) as number | undefined;
      const id = known ?? addGeneration(database, key);
      database.exec(
        `CREATE VIRTUAL TABLE IF NOT EXISTS vectors_${id} USING vec0 (vector float[${Math.trunc(dimensions)}] distance_metric=cosine, chunk_size=${CHUNK_ROWS})`,
      );
      return id;
    })
    .immediate();
}

function addGeneration(database: Database, key: readonly (string | number)[]): number {
  const { lastInsertRowid } = database
    .prepare('INSERT INTO generations (model, sha256, template_version, dimensions) VALUES (?, ?, ?, ?)')
    .run(...key);
  return Number(lastInsertRowid);
}

/** The generations that have a vec0 table. */
export function listVectorTables(database: Database): number[] {
  return database
    .prepare(
      `SELECT id FROM generations g WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'vectors_' || g.id)`,
    )
    .pluck()
    .all() as number[];
}

/**
 * Drops the table and the failures of every generation but `currentId` that has no vectors left. Its row stays, so
 * that its id is never given to another model. For the service alone: its commands must not drop what it uses.
 */
export function dropUnusedGenerations(database: Database, currentId: number): void {
  database
    .transaction(() => {
      const isUsed = database.prepare('SELECT 1 FROM embeddings WHERE generation_id = ? LIMIT 1').pluck();
      for (const id of listVectorTables(database)) {
        if (id === currentId || isUsed.get(id) !== undefined) continue;
        database.exec(`DROP TABLE vectors_${id}`);
        database.prepare('DELETE FROM embedding_failures WHERE generation_id = ?').run(id);
      }
    })
    .immediate();
}
