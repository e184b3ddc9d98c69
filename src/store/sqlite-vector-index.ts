/** The VectorIndex port on sqlite-vec: an exact scan of the float vectors on disk, for small catalogues. */
import type { Database } from 'better-sqlite3';
import type { VectorIndex } from '../similarity/vector-index.ts';
import type { CurrentGeneration } from './current-generation.ts';
import { allowedSql, type CurrentVectors } from './current-vectors.ts';
import { filterSql } from './filter-sql.ts';
import { createStatementCache } from './statement-cache.ts';

/** sqlite-vec refuses more neighbours than this. */
const MAX_NEIGHBOURS = 4_096;
/** Rows around the cut that may have the same score: without them, which of them is given would be chance. */
const TIES = 16;

export function createSqliteVectorIndex(
  database: Database,
  current: CurrentGeneration,
  vectors: CurrentVectors,
): VectorIndex {
  const prepare = createStatementCache(database);

  function nearestIds(
    vector: Float32Array,
    count: number,
    filters: Parameters<typeof filterSql>[0],
  ): number[] {
    const filter = filterSql(filters);
    return prepare(
      `SELECT rowid FROM vectors_${current.id}
       WHERE vector MATCH :vector AND k = :count AND rowid IN (${allowedSql(filter.sql)})
       ORDER BY distance`,
    )
      .pluck()
      .all({ ...filter.values, vector, count: BigInt(count), generation: current.id }) as number[];
  }

  return {
    async nearest({ vector, limit, filters, excludedIds }) {
      if (current.id === 0) return [];
      const excluded = new Set(excludedIds);
      const wanted = Math.min(limit + excluded.size + TIES, MAX_NEIGHBOURS);
      const ids = nearestIds(vector, wanted, filters).filter((id) => !excluded.has(id));
      return vectors.score(vector, ids).slice(0, limit);
    },
  };
}
