/** The ModelVersionStore port on SQLite: each version's vectors are in a vec0 table of their own. */
import type { Database } from 'better-sqlite3';
import type { ModelVersion, StoredModelVersion } from '../../../catalog/model-version.ts';
import type { ModelVersionStore } from '../../../embedding/model-version-store.ts';
import { dropVersion, isCovered, listVectorTables, makeRoom } from './drop-versions.ts';
import { CHUNK_ROWS } from './vector-chunks.ts';

/** The row id in `model_versions`; 0, which matches no vector, without a version. */
export const idOf = (version: StoredModelVersion | undefined): number => version?.id ?? 0;

/** `beforeDrop` is called before a write that touches every row of a version. */
export function createModelVersionStore(
  database: Database,
  beforeDrop: () => void = () => {},
  now: () => Date = () => new Date(),
): ModelVersionStore {
  const upsert = database
    .prepare(
      `INSERT INTO model_versions (model, sha256, template_version, dimensions, used_at)
       VALUES (:model, :sha256, :templateVersion, :dimensions, :at)
       ON CONFLICT DO UPDATE SET used_at = excluded.used_at RETURNING id`,
    )
    .pluck();

  const register = database.transaction(({ model, sha256, templateVersion, dimensions }: ModelVersion) => {
    const at = now().toISOString();
    const id = upsert.get({ model, sha256, templateVersion, dimensions, at }) as number;
    database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS vectors_${id} USING vec0 (vector float[${Math.trunc(dimensions)}] distance_metric=cosine, chunk_size=${CHUNK_ROWS})`,
    );
    return id;
  }).immediate;

  const dropUnused = database.transaction((inUseId: number) => {
    makeRoom(database, inUseId, beforeDrop);
    for (const id of listVectorTables(database)) {
      if (id === inUseId || !isCovered(database, id, inUseId)) continue;
      beforeDrop();
      dropVersion(database, id);
    }
  }).immediate;

  return {
    register: async (version) => ({ ...version, id: register(version) }),
    dropUnused: async ({ id }) => dropUnused(id),
  };
}
