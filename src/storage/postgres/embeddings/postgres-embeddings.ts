/** The EmbeddingStore port on PostgreSQL and pgvector. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { EmbeddingCounts, EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { toSource, type SourceRow } from '../../rows/source-row.ts';
import type { CachedReads } from '../connection/cached-reads.ts';
import type { Database } from '../connection/database.ts';
import { embeddingJoins, embeddingStatus } from '../restaurants/restaurant-row.ts';
import { createTextClaims } from '../coordination/text-claims.ts';
import { clearFailures, listFailures, recordFailure } from './failures.ts';
import { countByRun } from './run-counts.ts';
import { saveVector } from './save-vector.ts';
import { walkUnembedded } from './unembedded-rows.ts';
import { unlessDropped, vectorTable } from './vector-table.ts';
import { readVector } from './vector-wire.ts';

type Version = StoredModelVersion | undefined;
const idOf = (version: Version) => version?.id ?? 0;

export function createEmbeddingStore(
  database: Database,
  cached: CachedReads,
  instance: string,
  now: () => Date = () => new Date(),
): EmbeddingStore {
  async function findOne(
    sql: string,
    values: Record<string, string | number>,
  ): Promise<Float32Array | undefined> {
    const row = await unlessDropped(database.row<{ vector: Buffer }>(sql, values), undefined);
    return row && readVector(row.vector);
  }

  const counts = cached(async (modelVersion: number): Promise<EmbeddingCounts> => {
    const rows = await database.rows<{ status: string; count: number }>(
      `SELECT ${embeddingStatus} AS status, count(*) AS count FROM restaurants r ${embeddingJoins} GROUP BY 1`,
      { modelVersion },
    );
    const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
    const total = rows.reduce((sum, row) => sum + row.count, 0);
    return { total, ready: of('ready'), stale: of('stale'), missing: of('missing'), failed: of('failed') };
  });

  return {
    async findSource(restaurantId, modelVersion) {
      const row = await database.row<SourceRow>(
        `SELECT r.name, r.cuisine_type, r.description, encode(r.text_hash, 'hex') AS text_hash,
                ${embeddingStatus} AS status, f.reason, f.detail, f.attempts, f.failed_at, f.retry_at
         FROM restaurants r ${embeddingJoins} WHERE r.id = :restaurantId`,
        { restaurantId, modelVersion: idOf(modelVersion) },
      );
      return row && toSource(restaurantId, row);
    },
    findVector: async (restaurantId, modelVersion) =>
      modelVersion &&
      findOne(
        `SELECT vector_send(v.embedding) AS vector FROM ${vectorTable(modelVersion)} v
         JOIN restaurants r ON r.id = v.restaurant_id AND r.text_hash = v.text_hash WHERE r.id = :restaurantId`,
        { restaurantId },
      ),
    findVectorByTextHash: async (textHash, modelVersion) =>
      modelVersion &&
      findOne(
        `SELECT vector_send(v.embedding) AS vector
         FROM embeddings e JOIN ${vectorTable(modelVersion)} v ON v.restaurant_id = e.restaurant_id
         WHERE e.model_version_id = :modelVersion AND e.text_hash = decode(:textHash, 'hex')
           AND v.text_hash = e.text_hash LIMIT 1`,
        { textHash, modelVersion: modelVersion.id },
      ),
    save: (vector) => saveVector(database, vector, now()),
    ...createTextClaims(database, instance),
    async recordFailure(restaurantId, textHash, failure, modelVersion) {
      if (!modelVersion) return;
      await recordFailure(database, restaurantId, textHash, failure, modelVersion);
    },
    listFailures: (limit, modelVersion) => listFailures(database, limit, idOf(modelVersion)),
    clearFailures: (modelVersion) => clearFailures(database, idOf(modelVersion)),
    walkUnembedded: (modelVersion) => walkUnembedded(database, idOf(modelVersion), now),
    counts: (modelVersion) => counts(idOf(modelVersion)),
    countByRun: (maxRuns, modelVersion) => countByRun(database, maxRuns, idOf(modelVersion)),
  };
}
