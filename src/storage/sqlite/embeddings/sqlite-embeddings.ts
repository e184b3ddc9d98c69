/** The EmbeddingStore port on SQLite and sqlite-vec. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { toSource, type SourceRow } from '../../rows/source-row.ts';
import { idOf } from './model-versions.ts';
import type { CatalogueCounts } from './catalogue-counts.ts';
import { createFailureStore } from './failures.ts';
import type { SaveVector } from './save-vector.ts';
import { createRunCounts } from './run-counts.ts';
import { createUnembeddedRows } from './unembedded-rows.ts';
import type { VectorReader } from './vector-reader.ts';
import { embeddingJoins, embeddingStatus, isReady } from '../restaurants/restaurant-row.ts';

export function createEmbeddingStore(
  database: Database,
  saveVector: SaveVector,
  counts: CatalogueCounts,
  stored: VectorReader,
  now: () => Date = () => new Date(),
): EmbeddingStore {
  const failures = createFailureStore(database);
  const selectSource = database.prepare(
    `SELECT r.name, r.cuisine_type, r.description, r.text_hash, ${embeddingStatus} AS status,
            f.reason, f.detail, f.attempts, f.failed_at, f.retry_at
     FROM restaurants r ${embeddingJoins} WHERE r.id = :id`,
  );
  const selectReadyId = database
    .prepare(
      `SELECT r.id FROM restaurants r JOIN embeddings e
         ON e.restaurant_id = r.id AND e.model_version_id = :modelVersion WHERE r.id = :id AND ${isReady}`,
    )
    .pluck();
  const selectIdByText = database
    .prepare('SELECT restaurant_id FROM embeddings WHERE model_version_id = ? AND text_hash = ? LIMIT 1')
    .pluck();

  function readVector(
    restaurantId: number | undefined,
    modelVersion: StoredModelVersion,
  ): Float32Array | undefined {
    if (restaurantId === undefined) return undefined;
    return stored.read(modelVersion, [restaurantId])[0]?.vector;
  }

  return {
    async findSource(restaurantId, modelVersion) {
      const row = selectSource.get({ id: restaurantId, modelVersion: idOf(modelVersion) }) as
        SourceRow | undefined;
      return row && toSource(restaurantId, row);
    },
    async findVector(id, modelVersion) {
      if (!modelVersion) return undefined;
      const readyId = selectReadyId.get({ id, modelVersion: modelVersion.id }) as number | undefined;
      return readVector(readyId, modelVersion);
    },
    async findVectorByTextHash(hash, modelVersion) {
      if (!modelVersion) return undefined;
      return readVector(selectIdByText.get(modelVersion.id, hash) as number | undefined, modelVersion);
    },
    save: async (vector) => saveVector(vector),
    // One process runs the model on a database file, so there is nobody to wait for.
    claimText: async () => true,
    releaseText: async () => {},
    waitForText: async () => {},
    recordFailure: async (restaurantId, textHash, failure, modelVersion) =>
      failures.record(restaurantId, textHash, failure, modelVersion),
    listFailures: async (limit, modelVersion) => failures.list(limit, modelVersion),
    clearFailures: async (modelVersion) => failures.clear(modelVersion),
    walkUnembedded: createUnembeddedRows(database, now),
    counts: async (modelVersion) => counts.of(idOf(modelVersion)),
    countByRun: createRunCounts(database),
  };
}
