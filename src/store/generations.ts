/** The generations of vectors: finding or adding the current one, dropping those that nobody uses any more. */
import type { Database } from 'better-sqlite3';
import type { Generation } from '../embedding/generation.ts';
import { CHUNK_ROWS } from './vector-chunks.ts';

/** Gives the generation's row id; makes its vec0 table when it is new. */
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
      if (known !== undefined) return known;
      const { lastInsertRowid } = database
        .prepare('INSERT INTO generations (model, sha256, template_version, dimensions) VALUES (?, ?, ?, ?)')
        .run(...key);
      const id = Number(lastInsertRowid);
      database.exec(
        `CREATE VIRTUAL TABLE vectors_${id} USING vec0 (vector float[${Math.trunc(dimensions)}] distance_metric=cosine, chunk_size=${CHUNK_ROWS})`,
      );
      return id;
    })
    .immediate();
}

/** Drops every generation but `currentId` that has neither vectors nor failures left. */
export function dropUnusedGenerations(database: Database, currentId: number): void {
  database
    .transaction(() => {
      const unused = database
        .prepare(
          `SELECT id FROM generations g WHERE id <> ?
             AND NOT EXISTS (SELECT 1 FROM embeddings WHERE generation_id = g.id)`,
        )
        .pluck()
        .all(currentId) as number[];
      for (const id of unused) {
        database.exec(`DROP TABLE vectors_${id}`);
        database.prepare('DELETE FROM embedding_failures WHERE generation_id = ?').run(id);
        database.prepare('DELETE FROM generations WHERE id = ?').run(id);
      }
    })
    .immediate();
}
