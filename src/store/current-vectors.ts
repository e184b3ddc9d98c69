/** Reading current vectors, for search: which rows may be found, and their float vectors. */
import type { Database, Statement } from 'better-sqlite3';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { Neighbour } from '../similarity/vector-index.ts';
import type { CurrentGeneration } from './current-generation.ts';
import { toVector } from './embedding-store.ts';
import { filterSql } from './filter-sql.ts';
import { isReady } from './restaurant-row.ts';
import { createStatementCache } from './statement-cache.ts';

export interface CurrentVectors {
  count(): number;
  /** Of these ids, those with a current vector of their current text that match the filters. */
  allowedAmong(ids: readonly number[], filters: RestaurantFilters): number[];
  allAllowed(filters: RestaurantFilters): number[];
  /** Exact cosine similarity with the stored float vectors, best first, ties by id. */
  score(query: Float32Array, ids: readonly number[]): Neighbour[];
  /** Vectors in the order of their row ids, in pages. */
  page(afterId: number, limit: number): { readonly id: number; readonly vector: Float32Array }[];
}

export function createCurrentVectors(database: Database, current: CurrentGeneration): CurrentVectors {
  const prepare = createStatementCache(database);
  const countAll = database.prepare('SELECT count(*) FROM embeddings WHERE generation_id = ?').pluck();
  const selectIds = database
    .prepare(
      'SELECT restaurant_id FROM embeddings WHERE restaurant_id > ? AND generation_id = ? ORDER BY restaurant_id LIMIT ?',
    )
    .pluck();

  function read(id: number): Float32Array | undefined {
    const statement: Statement = prepare(`SELECT vector FROM vectors_${current.id} WHERE rowid = ?`).pluck();
    const bytes = statement.get(BigInt(id)) as Buffer | undefined;
    return bytes && toVector(bytes);
  }

  function allowed(condition: string, filters: RestaurantFilters, values: Record<string, string>): number[] {
    const filter = filterSql(filters);
    return prepare(allowedSql(`${condition} AND ${filter.sql}`))
      .pluck()
      .all({ ...filter.values, ...values, generation: current.id }) as number[];
  }

  return {
    count: () => countAll.get(current.id) as number,
    allowedAmong: (ids, filters) =>
      allowed('r.id IN (SELECT value FROM json_each(:ids))', filters, { ids: JSON.stringify(ids) }),
    allAllowed: (filters) => allowed('1', filters, {}),
    score: (query, ids) =>
      ids
        .flatMap((id) => {
          const vector = read(id);
          return vector ? [{ id, score: dot(query, vector) }] : [];
        })
        .sort(byScore),
    page: (afterId, limit) =>
      (selectIds.all(afterId, current.id, limit) as number[]).flatMap((id) => {
        const vector = read(id);
        return vector ? [{ id, vector }] : [];
      }),
  };
}

/** Ids of rows with a current vector that meet a condition over `r` and `e`. Binds `:generation`. */
export const allowedSql = (condition: string) =>
  `SELECT r.id FROM restaurants r JOIN embeddings e ON e.restaurant_id = r.id WHERE ${isReady} AND ${condition}`;

export const byScore = (a: Neighbour, b: Neighbour) => b.score - a.score || a.id - b.id;

/** Cosine, as both are of unit length. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
