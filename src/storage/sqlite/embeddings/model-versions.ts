/** The ModelVersionStore port on SQLite: each version's vectors are in a vec0 table of their own. */
import type { Database } from 'better-sqlite3';
import type { ModelVersion, StoredModelVersion } from '../../../catalog/model-version.ts';
import type { ModelVersionStore } from '../../../embedding/model-version-store.ts';
import { CHUNK_ROWS } from './vector-chunks.ts';

/** The row id in `generations`; 0, which matches no vector, without a version. */
export const idOf = (version: StoredModelVersion | undefined): number => version?.id ?? 0;

export function createModelVersionStore(database: Database): ModelVersionStore {
  return {
    register: async (version) => ({ ...version, id: registerVersion(database, version) }),
    dropUnused: async ({ id }) => dropUnusedVersions(database, id),
  };
}

/** Returns the version's row id; creates its vec0 table when it is new, or was dropped. */
function registerVersion(database: Database, version: ModelVersion): number {
  const { model, sha256, templateVersion, dimensions } = version;
  const key = [model, sha256, templateVersion, dimensions];
  return database
    .transaction(() => {
      const known = database
        .prepare(
          'SELECT id FROM generations WHERE (model, sha256, template_version, dimensions) = (?, ?, ?, ?)',
        )
        .pluck()
        .get(...key) as number | undefined;
      const id = known ?? addVersion(database, key);
      database.exec(
        `CREATE VIRTUAL TABLE IF NOT EXISTS vectors_${id} USING vec0 (vector float[${Math.trunc(dimensions)}] distance_metric=cosine, chunk_size=${CHUNK_ROWS})`,
      );
      return id;
    })
    .immediate();
}

function addVersion(database: Database, key: readonly (string | number)[]): number {
  const { lastInsertRowid } = database
    .prepare('INSERT INTO generations (model, sha256, template_version, dimensions) VALUES (?, ?, ?, ?)')
    .run(...key);
  return Number(lastInsertRowid);
}

/** Ids of the versions that have a vec0 table. */
export function listVectorTables(database: Database): number[] {
  return database
    .prepare(
      `SELECT id FROM generations g WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'vectors_' || g.id)`,
    )
    .pluck()
    .all() as number[];
}

/**
 * Drops the table and the failures of every other version that has no vectors left. Its row stays, so that its id is
 * never given to another version.
 */
function dropUnusedVersions(database: Database, inUseId: number): void {
  database
    .transaction(() => {
      const isUsed = database.prepare('SELECT 1 FROM embeddings WHERE generation_id = ? LIMIT 1').pluck();
      for (const id of listVectorTables(database)) {
        if (id === inUseId || isUsed.get(id) !== undefined) continue;
        database.exec(`DROP TABLE vectors_${id}`);
        database.prepare('DELETE FROM embedding_failures WHERE generation_id = ?').run(id);
      }
    })
    .immediate();
}
