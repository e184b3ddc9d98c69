/** The ModelVersionStore port on PostgreSQL. A version that a live process uses is never dropped. */
import type { ModelVersion, StoredModelVersion } from '../../../catalog/model-version.ts';
import type { ModelVersionStore } from '../../../embedding/model-version-store.ts';
import type { Database, Queries } from '../connection/database.ts';
import { createVectorTable, vectorTable } from './vector-table.ts';

/** Serialises registering and dropping. */
const lockVersions = 'SELECT pg_advisory_xact_lock(2053075971)';

/** `announceUse` keeps other processes from dropping the version while this one lives. */
export function createModelVersionStore(
  database: Database,
  announceUse: (id: number) => Promise<void>,
): ModelVersionStore {
  return {
    async register(version) {
      const stored = await database.transaction(async (queries) => {
        await queries.run(lockVersions);
        const id = (await findVersion(queries, version)) ?? (await addVersion(queries, version));
        await queries.run(createVectorTable({ ...version, id }));
        return { ...version, id };
      });
      await announceUse(stored.id);
      return stored;
    },
    dropUnused: (inUse) =>
      database.transaction(async (queries) => {
        await queries.run(lockVersions);
        for (const id of await listUnused(queries, inUse)) {
          await queries.run(`DROP TABLE ${vectorTable({ id })}`);
          await queries.run('DELETE FROM embeddings WHERE model_version_id = :id', { id });
          await queries.run('DELETE FROM embedding_failures WHERE model_version_id = :id', { id });
        }
      }),
  };
}

async function findVersion(
  queries: Queries,
  { model, sha256, templateVersion, dimensions }: ModelVersion,
): Promise<number | undefined> {
  const row = await queries.row<{ id: number }>(
    `SELECT id FROM model_versions
     WHERE (model, sha256, template_version, dimensions) = (:model, :sha256, :templateVersion, :dimensions)`,
    { model, sha256, templateVersion, dimensions },
  );
  return row?.id;
}

async function addVersion(
  queries: Queries,
  { model, sha256, templateVersion, dimensions }: ModelVersion,
): Promise<number> {
  const row = await queries.row<{ id: number }>(
    `INSERT INTO model_versions (model, sha256, template_version, dimensions)
     VALUES (:model, :sha256, :templateVersion, :dimensions) RETURNING id`,
    { model, sha256, templateVersion, dimensions },
  );
  return row?.id ?? 0;
}

/** Versions whose vectors are kept: the one in use and the one before. */
const MAX_VERSIONS = 2;

/**
 * Versions to drop: no process uses them, and either every row with a vector of theirs also has one of the version in
 * use, or there are too many newer versions. Until then their vectors are kept, so that going back to that model makes
 * them current again.
 */
async function listUnused(queries: Queries, inUse: StoredModelVersion): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `SELECT id FROM (
       SELECT m.id, row_number() OVER (ORDER BY m.id = :inUse DESC, m.id DESC) AS place
       FROM model_versions m WHERE to_regclass('vectors_' || m.id) IS NOT NULL) m
     WHERE m.id <> :inUse
       AND NOT EXISTS (SELECT 1 FROM model_version_uses u
         WHERE u.model_version_id = m.id AND u.expires_at > clock_timestamp())
       AND (m.place > ${MAX_VERSIONS} OR NOT EXISTS (SELECT 1 FROM embeddings old
         WHERE old.model_version_id = m.id AND NOT EXISTS (SELECT 1 FROM embeddings new
           WHERE new.restaurant_id = old.restaurant_id AND new.model_version_id = :inUse)))`,
    { inUse: inUse.id },
  );
  return rows.map(({ id }) => id);
}
