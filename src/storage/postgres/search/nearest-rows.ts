/**
 * The NearestNeighbours port on pgvector: HNSW with an iterative scan, and exact where a filter leaves few rows or the
 * query is so unlike all vectors that HNSW would miss some.
 */
import type { NearestNeighbours, NearestRequest, Neighbour } from '../../../search/nearest-neighbours.ts';
import type { SqlValues } from '../connection/bind-values.ts';
import type { Queries } from '../connection/database.ts';
import { unlessDropped, vectorTable } from '../embeddings/vector-table.ts';
import { readVector, writeVector } from '../embeddings/vector-wire.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { createQueryContrast } from './query-contrast.ts';
import type { VectorIndexes } from './vector-indexes.ts';

/** Up to this many matching rows are compared exactly: about the work of an HNSW search with a filter. */
const EXACT_ROWS = 2_000;
/**
 * Rows taken from the index for each row asked for. They arrive in approximate order: with 4, recall@10 is 0.999 where
 * one row in 50 matches, and with 1 it is 0.965 (bench/postgres-recall.mjs, 20,000 vectors).
 */
const SCANNED_PER_RESULT = 4;
/**
 * Below this contrast an HNSW search misses some of the nearest rows, because all are about equally far. Measured on
 * 50,000 clustered vectors, with and without a filter, in groups of 60 queries with more and more noise: recall@10 was
 * 1.000 in groups with a median contrast of 1.35 and more, 0.995 at 1.31, 0.93–0.98 at 1.22, 0.83–0.89 at 1.17.
 */
const MIN_CONTRAST = 1.3;
/** Up to so many vectors are all compared then; of more, {@link SCANNED_DEEP} are looked at. */
const EXACT_VECTORS = 200_000;
/** Ten rounds of `hnsw.ef_search` candidates. */
const SCANNED_DEEP = 4_000;

/** Rows with a vector of their current text that match; `embedded` is true of all of them. */
function matching({ filters, excludedIds, modelVersion }: NearestRequest) {
  const filter = filterSql({ ...filters, embedded: undefined });
  const isExcluded = excludedIds.length > 0 ? 'AND v.restaurant_id <> ALL(:excludedIds::bigint[])' : '';
  return {
    sql: `${vectorTable(modelVersion)} v
      JOIN restaurants r ON r.id = v.restaurant_id AND r.text_hash = v.text_hash
      WHERE ${filter.sql} ${isExcluded}`,
    isUnfiltered: filter.sql === 'true',
    values: { ...filter.values, excludedIds },
  };
}

/**
 * The nearest rows by the HNSW index, whose iterative scan goes on until enough rows have matched.
 *
 * The row is looked up in a scalar subquery instead of a join: PostgreSQL assumes that equality of id and of text hash
 * are independent, expects one row of the join, and would sort all vectors.
 */
export function nearestByIndexQuery(
  request: NearestRequest,
  scanned = SCANNED_PER_RESULT * request.limit,
): { sql: string; values: SqlValues } {
  const { filters, excludedIds, vector, limit, modelVersion } = request;
  const filter = filterSql({ ...filters, embedded: undefined });
  const isExcluded = excludedIds.length > 0 ? 'AND v.restaurant_id <> ALL(:excludedIds::bigint[])' : '';
  return {
    sql: `SELECT id, 1 - distance AS score FROM (
       SELECT v.restaurant_id AS id, v.embedding <=> :vector::vector AS distance
       FROM ${vectorTable(modelVersion)} v
       WHERE (SELECT true FROM restaurants r
              WHERE r.id = v.restaurant_id AND r.text_hash = v.text_hash AND ${filter.sql}) ${isExcluded}
       ORDER BY v.embedding <=> :vector::vector LIMIT :scanned) AS found
     ORDER BY distance, id LIMIT :limit`,
    values: { ...filter.values, excludedIds, vector: writeVector(vector), limit, scanned },
  };
}

export function createNearestNeighbours(queries: Queries, indexes: VectorIndexes): NearestNeighbours {
  const contrast = createQueryContrast(queries);

  /** Compares every vector, and looks up only the rows of the nearest: joining all takes longer than comparing them. */
  async function nearestOfAll(request: NearestRequest): Promise<Neighbour[]> {
    const { excludedIds, vector, limit, modelVersion } = request;
    const scanned = SCANNED_PER_RESULT * limit;
    const rows = await queries.rows<Neighbour & { readonly is_current: boolean }>(
      // The sum keeps the planner from using an index, which gives an approximation.
      `SELECT found.id, 1 - distance AS score,
              EXISTS (SELECT FROM restaurants r WHERE r.id = found.id AND r.text_hash = found.text_hash) AS is_current
       FROM (SELECT v.restaurant_id AS id, v.text_hash, 0 + (v.embedding <=> :vector::vector) AS distance
             FROM ${vectorTable(modelVersion)} v WHERE v.restaurant_id <> ALL(:excludedIds::bigint[])
             ORDER BY distance, id LIMIT :scanned) AS found
       ORDER BY distance, id`,
      { excludedIds, vector: writeVector(vector), scanned },
    );
    const current = rows.filter((row) => row.is_current).slice(0, limit);
    if (current.length < limit && rows.length === scanned) return nearestOfMatching(request);
    return current.map(({ id, score }) => ({ id, score }));
  }

  const nearestExactly = (request: NearestRequest) =>
    matching(request).isUnfiltered ? nearestOfAll(request) : nearestOfMatching(request);

  async function nearestOfMatching(request: NearestRequest): Promise<Neighbour[]> {
    const { sql, values } = matching(request);
    return queries.rows<Neighbour>(
      // Materialised, so that the approximate index is not used.
      `WITH matching AS MATERIALIZED (
         SELECT r.id, v.embedding <=> :vector::vector AS distance FROM ${sql})
       SELECT id, 1 - distance AS score FROM matching ORDER BY distance, id LIMIT :limit`,
      { ...values, vector: writeVector(request.vector), limit: request.limit },
    );
  }

  async function nearestByIndex(request: NearestRequest, minScanned = 0): Promise<Neighbour[]> {
    const scanned = Math.max(SCANNED_PER_RESULT * request.limit, minScanned);
    const { sql, values } = nearestByIndexQuery(request, scanned);
    return queries.rows<Neighbour>(sql, values);
  }

  /** Rows without a vector count too: to look for vectors takes longer than to compare some more of them. */
  async function areFew({ filters }: NearestRequest): Promise<boolean> {
    const filter = filterSql({ ...filters, embedded: undefined });
    if (filter.sql === 'true') return false;
    const counted = await queries.row<{ count: number }>(
      `SELECT count(*) AS count FROM (
         SELECT 1 FROM restaurants r WHERE ${filter.sql} LIMIT ${EXACT_ROWS + 1}) AS listed`,
      filter.values,
    );
    return (counted?.count ?? 0) <= EXACT_ROWS;
  }

  async function nearest(request: NearestRequest): Promise<Neighbour[]> {
    const hasIndex = await indexes.ensure(request.modelVersion);
    if (!hasIndex || (await areFew(request))) return nearestExactly(request);
    const found = await nearestByIndex(request);
    // A scan ends after `hnsw.max_scan_tuples` rows; if too few were found, all rows are compared.
    if (found.length < request.limit) return nearestExactly(request);
    const { vector, modelVersion } = request;
    if ((await contrast.of(vector, found, modelVersion)) >= MIN_CONTRAST) return found;
    return (await contrast.countVectors(modelVersion)) <= EXACT_VECTORS
      ? nearestExactly(request)
      : nearestByIndex(request, SCANNED_DEEP);
  }

  return {
    async nearest(request) {
      return request.filters.embedded === false ? [] : unlessDropped(nearest(request), []);
    },
    async scoreRows({ vector, ids, modelVersion }) {
      const scored = queries.rows<Neighbour>(
        `SELECT r.id, 1 - (v.embedding <=> :vector::vector) AS score FROM ${vectorTable(modelVersion)} v
         JOIN restaurants r ON r.id = v.restaurant_id AND r.text_hash = v.text_hash
         WHERE r.id = ANY(:ids::bigint[])`,
        { vector: writeVector(vector), ids },
      );
      return unlessDropped(scored, []);
    },
    async readVectors(ids, modelVersion) {
      const found = queries.rows<{ id: number; vector: Buffer }>(
        `SELECT r.id, vector_send(v.embedding) AS vector FROM ${vectorTable(modelVersion)} v
         JOIN restaurants r ON r.id = v.restaurant_id AND r.text_hash = v.text_hash
         WHERE r.id = ANY(:ids::bigint[])`,
        { ids },
      );
      const rows = await unlessDropped(found, []);
      return new Map(rows.map(({ id, vector }) => [id, readVector(vector)]));
    },
    releaseMemory: async () => 0,
  };
}
