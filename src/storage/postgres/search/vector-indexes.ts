/** HNSW indexes, one for each model version. Built only when there are enough vectors, as inserts are cheaper without. */
import type pg from 'pg';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Database } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';

export interface VectorIndexes {
  /** Whether the version's vectors have an index. Starts building one if it pays off, without waiting for it. */
  ensure(modelVersion: StoredModelVersion): Promise<boolean>;
  /** Builds the index unless it exists or there are few vectors; resolves when it is built. */
  build(modelVersion: Pick<StoredModelVersion, 'id'>): Promise<void>;
  close(): Promise<void>;
}

/** With fewer vectors an exact scan takes a few milliseconds. */
const MIN_ROWS = 5_000;
/** How long it is cached that there is no index, in ms. */
const RECHECK_MS = 30_000;
/** pgvector's defaults are 16 and 64. */
const BUILD_OPTIONS = 'm = 16, ef_construction = 128';
/** First key of the advisory lock of an index build; the second is the model version. */
const BUILD_LOCK = 2_053_075;

/**
 * Lets the index be built in memory, which takes 2.4 kB a vector of 384 dimensions, or 1.5 times the table. A server
 * whose `shared_buffers` are the recommended quarter of its memory can spare twice as much.
 */
const setBuildMemory = `
  SELECT set_config('maintenance_work_mem', greatest(
    pg_size_bytes(current_setting('maintenance_work_mem')),
    least(2 * pg_relation_size($1::regclass), 2 * pg_size_bytes(current_setting('shared_buffers')))
  )::bigint / 1024 || 'kB', false)`;
/** Disk full, of which /dev/shm is one, and out of memory. */
const NO_MEMORY: ReadonlySet<string> = new Set(['53100', '53200']);

interface Known {
  readonly hasIndex: boolean;
  readonly checkedAt: number;
}

export function createVectorIndexes(database: Database): VectorIndexes {
  const known = new Map<number, Known>();
  const builds = new Map<number, Promise<void>>();
  let isClosed = false;

  async function look(id: number): Promise<{ hasIndex: boolean; isWorthIt: boolean }> {
    const row = await database.row<{ has_index: boolean; rows: number }>(
      `SELECT EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:index) AND indisvalid) AS has_index,
              (SELECT count(*) FROM (SELECT 1 FROM ${vectorTable({ id })} LIMIT ${MIN_ROWS}) AS listed) AS rows`,
      { index: indexName(id) },
    );
    return { hasIndex: row?.has_index ?? false, isWorthIt: (row?.rows ?? 0) >= MIN_ROWS };
  }

  /** One process builds it; the others search exactly meanwhile. */
  async function buildNow(id: number): Promise<void> {
    const client = await database.connect();
    try {
      const lock = await client.query<{ own: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS own', [
        BUILD_LOCK,
        id,
      ]);
      if (!lock.rows[0]?.own) return;
      await client.query(setBuildMemory, [vectorTable({ id })]);
      try {
        await createIndex(client, id);
      } catch (error) {
        if (!NO_MEMORY.has((error as { code?: string }).code ?? '')) throw error;
        // Parallel workers share memory through /dev/shm, of which a container has 64 MB unless it is given more.
        await client.query('SET max_parallel_maintenance_workers = 0');
        await createIndex(client, id);
      }
    } finally {
      await client.end().catch(() => {});
    }
  }

  function start(id: number): Promise<void> {
    const running = builds.get(id);
    if (running || isClosed) return running ?? Promise.resolve();
    const own = buildNow(id).finally(() => {
      builds.delete(id);
      known.delete(id);
    });
    builds.set(id, own);
    return own;
  }

  return {
    async ensure({ id }) {
      const last = known.get(id);
      if (last && (last.hasIndex || performance.now() - last.checkedAt < RECHECK_MS)) return last.hasIndex;
      const { hasIndex, isWorthIt } = await look(id);
      known.set(id, { hasIndex, checkedAt: performance.now() });
      // A failed build is tried again with a later search.
      if (!hasIndex && isWorthIt) start(id).catch(() => {});
      return hasIndex;
    },
    async build({ id }) {
      const { hasIndex, isWorthIt } = await look(id);
      if (!hasIndex && isWorthIt) await start(id);
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(builds.values());
    },
  };
}

const indexName = (id: number) => `vectors_${Math.trunc(id)}_by_similarity`;

/** Concurrently, so that vectors can be stored meanwhile. */
async function createIndex(client: pg.Client, id: number): Promise<void> {
  // An interrupted build leaves an invalid index.
  await client.query(`DROP INDEX IF EXISTS ${indexName(id)}`);
  await client.query(
    `CREATE INDEX CONCURRENTLY ${indexName(id)} ON ${vectorTable({ id })}
     USING hnsw (embedding vector_cosine_ops) WITH (${BUILD_OPTIONS})`,
  );
}
