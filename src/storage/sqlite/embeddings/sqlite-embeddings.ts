/** The EmbeddingStore port on SQLite and sqlite-vec. */
import type { Database } from 'better-sqlite3';
import type { EmbeddingFailure, EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { embeddingText } from '../../../embedding/embedding-text.ts';
import type { CurrentGeneration } from './current-model-version.ts';
import { createFailureStore } from './failures.ts';
import { dropUnusedGenerations, useGeneration } from './model-versions.ts';
import type { SaveVector } from './save-vector.ts';
import { createUnembeddedRows } from './unembedded-rows.ts';
import type { VectorChanges } from './vector-changes.ts';
import { createVectorChunks } from './vector-chunks.ts';
import { embeddingJoins, embeddingStatus, isReady } from '../restaurants/restaurant-row.ts';
import { cacheByDataVersion } from '../connection/data-version-cache.ts';

interface SourceRow {
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
  readonly text_hash: string;
  readonly status: string;
  readonly reason: EmbeddingFailure['reason'];
  readonly detail: string;
  readonly attempts: number;
  readonly failed_at: string;
  readonly retry_at: string;
}

export function createEmbeddingStore(
  database: Database,
  current: CurrentGeneration,
  changes: VectorChanges,
  saveVector: SaveVector,
  now: () => Date = () => new Date(),
): EmbeddingStore {
  const failures = createFailureStore(database, current);
  const selectSource = database.prepare(
    `SELECT r.name, r.cuisine_type, r.description, r.text_hash, ${embeddingStatus} AS status,
            f.reason, f.detail, f.attempts, f.failed_at, f.retry_at
     FROM restaurants r ${embeddingJoins} WHERE r.id = :id`,
  );
  const selectReadyId = database
    .prepare(
      `SELECT r.id FROM restaurants r JOIN embeddings e ON e.restaurant_id = r.id WHERE r.id = :id AND ${isReady}`,
    )
    .pluck();
  const selectIdByText = database
    .prepare('SELECT restaurant_id FROM embeddings WHERE generation_id = ? AND text_hash = ? LIMIT 1')
    .pluck();
  const countByStatus = database.prepare(
    `SELECT ${embeddingStatus} AS status, count(*) AS count FROM restaurants r ${embeddingJoins} GROUP BY 1`,
  );
  const counts = cacheByDataVersion(database, current, () => {
    const rows = countByStatus.all({ generation: current.id }) as { status: string; count: number }[];
    const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
    const total = rows.reduce((sum, row) => sum + row.count, 0);
    return { total, ready: of('ready'), stale: of('stale'), missing: of('missing'), failed: of('failed') };
  });
  const chunks = createVectorChunks(database);

  function readVector(restaurantId: number | undefined): Float32Array | undefined {
    if (restaurantId === undefined) return undefined;
    return chunks.read(current.id, current.dimensions, [restaurantId])[0]?.vector;
  }

  return {
    async useGeneration(generation) {
      current.id = generation ? useGeneration(database, generation) : 0;
      current.dimensions = generation?.dimensions ?? 0;
      changes.generationChanged();
    },
    dropUnusedGenerations: async () => dropUnusedGenerations(database, current.id),
    async findSource(restaurantId) {
      const row = selectSource.get({ id: restaurantId, generation: current.id }) as SourceRow | undefined;
      if (!row) return undefined;
      const text = { name: row.name, cuisineType: row.cuisine_type, description: row.description };
      const { reason, detail, attempts, failed_at: failedAt, retry_at: retryAt } = row;
      return {
        restaurantId,
        text: embeddingText(text),
        textHash: row.text_hash,
        ready: row.status === 'ready',
        failure: row.status === 'failed' ? { reason, detail, attempts, failedAt, retryAt } : undefined,
      };
    },
    findVector: async (id) =>
      readVector(selectReadyId.get({ id, generation: current.id }) as number | undefined),
    findVectorByTextHash: async (hash) =>
      readVector(selectIdByText.get(current.id, hash) as number | undefined),
    save: async (embedding) => saveVector(embedding),
    recordFailure: async (restaurantId, textHash, failure) =>
      failures.record(restaurantId, textHash, failure),
    listFailures: async (limit) => failures.list(limit),
    clearFailures: async () => failures.clear(),
    walkUnembedded: createUnembeddedRows(database, current, now),
    counts: async () => counts(),
  };
}
