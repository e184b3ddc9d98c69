/** Reads current vectors for searches: the rows that match, and their float vectors. */
import type { Database } from 'better-sqlite3';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Neighbour } from '../../../search/nearest-neighbours.ts';
import type { DataVersion } from '../connection/data-version.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { isReady } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { VectorReader } from '../embeddings/vector-reader.ts';

/** `read` and `page` include vectors of an earlier text. */
export interface CurrentVectors extends VectorReader {
  count(version: StoredModelVersion): number;
  readonly dataVersion: DataVersion;
  /** Of these ids, those with a current vector of their current text that match the filters. */
  allowedAmong(version: StoredModelVersion, ids: readonly number[], filters: RestaurantFilters): number[];
  allAllowed(version: StoredModelVersion, filters: RestaurantFilters): number[];
  /** Exact cosine similarity with the stored float vectors, best first, ties by id. */
  score(version: StoredModelVersion, query: Float32Array, ids: readonly number[]): Neighbour[];
}

export function createCurrentVectors(
  database: Database,
  dataVersion: DataVersion,
  stored: VectorReader,
): CurrentVectors {
  const prepare = createStatementCache(database);
  const countAll = database.prepare('SELECT count(*) FROM embeddings WHERE model_version_id = ?').pluck();

  function allowed(
    version: StoredModelVersion,
    condition: string,
    filters: RestaurantFilters,
    values: Record<string, string>,
  ): number[] {
    const filter = filterSql(filters);
    return prepare(allowedSql(`${condition} AND ${filter.sql}`))
      .pluck()
      .all({ ...filter.values, ...values, modelVersion: version.id }) as number[];
  }

  return {
    count: ({ id }) => countAll.get(id) as number,
    dataVersion,
    allowedAmong: (version, ids, filters) =>
      allowed(version, 'r.id IN (SELECT value FROM json_each(:ids))', filters, { ids: JSON.stringify(ids) }),
    allAllowed: (version, filters) => allowed(version, '1', filters, {}),
    score: (version, query, ids) =>
      stored
        .read(version, ids)
        .map(({ id, vector }) => ({ id, score: dot(query, vector) }))
        .sort(byScore),
    read: stored.read,
    page: stored.page,
  };
}

/** Ids of rows with a current vector that meet a condition over `r` and `e`. Binds `:modelVersion`. */
export const allowedSql = (condition: string) =>
  // CROSS JOIN keeps SQLite from starting with the embeddings: the filters are on the restaurants.
  `SELECT r.id FROM restaurants r CROSS JOIN embeddings e
   ON e.restaurant_id = r.id AND e.model_version_id = :modelVersion WHERE ${isReady} AND ${condition}`;

export const byScore = (a: Neighbour, b: Neighbour) => b.score - a.score || a.id - b.id;

/** Cosine, as both are of unit length. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
