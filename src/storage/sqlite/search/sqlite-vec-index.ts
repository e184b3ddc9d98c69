/** The VectorIndex port on sqlite-vec: an exact scan of the float vectors on disk, for small catalogues. */
import type { Database } from 'better-sqlite3';
import type { NearestRequest, Neighbour, VectorIndex } from '../../../search/nearest-neighbours.ts';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';
import { allowedSql, type CurrentVectors } from './current-vectors.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { scoreInSlices } from './score-in-slices.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** sqlite-vec refuses more neighbours than this. */
const MAX_NEIGHBOURS = 4_096;
/** Rows looked at beyond those asked for: they show whether the score of the last one goes on behind it. */
const BEYOND = 16;
/** sqlite-vec computes in single precision: scores as close as this may be in another order. */
const SAME_SCORE = 1e-5;

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

  /** Until the rows that may tie with the last one are all among those looked at; undefined beyond the cap. */
  function withinCap({ vector, limit, filters, excludedIds }: NearestRequest): Neighbour[] | undefined {
    const excluded = new Set(excludedIds);
    for (let count = limit + excluded.size + BEYOND; count <= MAX_NEIGHBOURS; count *= 4) {
      const ids = nearestIds(vector, count, filters);
      const found = vectors.score(
        vector,
        ids.filter((id) => !excluded.has(id)),
      );
      const lowest = found.at(-1);
      const last = found[limit - 1];
      if (ids.length < count || (last && lowest && last.score - lowest.score > SAME_SCORE)) {
        return found.slice(0, limit);
      }
    }
    return undefined;
  }

  function scoreAll({ vector, limit, filters, excludedIds }: NearestRequest): Promise<Neighbour[]> {
    const excluded = new Set(excludedIds);
    const all = vectors.allAllowed(filters).filter((id) => !excluded.has(id));
    return scoreInSlices(vectors, vector, all, limit);
  }

  async function exactNearest(request: NearestRequest): Promise<Neighbour[]> {
    try {
      const found = withinCap(request);
      if (found) return found;
    } catch (error) {
      // What sqlite-vec cannot read it does not say; reading the rows themselves gives SQLite's own error.
      if ((error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
    }
    return scoreAll(request);
  }

  return {
    async nearest(request) {
      return current.id === 0 ? [] : exactNearest(request);
    },
  };
}
