/** Nearest neighbours with sqlite-vec: an exact scan of the float vectors on disk, for small catalogues. */
import type { Database } from 'better-sqlite3';
import type { NearestNeighbours, NearestRequest, Neighbour } from '../../../search/nearest-neighbours.ts';
import { allowedSql, type CurrentVectors } from './current-vectors.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { scoreInSlices } from './score-in-slices.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** The most neighbours that sqlite-vec returns. */
const MAX_NEIGHBOURS = 4_096;
/** Rows read beyond those requested: they show whether further rows tie with the last one. */
const BEYOND = 16;
/** sqlite-vec computes in single precision: scores this close may be out of order. */
const SAME_SCORE = 1e-5;

export function createSqliteVectorIndex(
  database: Database,
  vectors: CurrentVectors,
): Pick<NearestNeighbours, 'nearest'> {
  const prepare = createStatementCache(database);

  function nearestIds({ vector, filters, modelVersion }: NearestRequest, count: number): number[] {
    const filter = filterSql(filters);
    return prepare(
      `SELECT rowid FROM vectors_${modelVersion.id}
       WHERE vector MATCH :vector AND k = :count AND rowid IN (${allowedSql(filter.sql)})
       ORDER BY distance`,
    )
      .pluck()
      .all({ ...filter.values, vector, count: BigInt(count), modelVersion: modelVersion.id }) as number[];
  }

  /** Reads more rows until all that may tie with the last one are among them; undefined beyond the limit of sqlite-vec. */
  function withinCap(request: NearestRequest): Neighbour[] | undefined {
    const { vector, limit, excludedIds, modelVersion } = request;
    const excluded = new Set(excludedIds);
    for (let count = limit + excluded.size + BEYOND; count <= MAX_NEIGHBOURS; count *= 4) {
      const ids = nearestIds(request, count);
      const found = vectors.score(
        modelVersion,
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

  function scoreAll(request: NearestRequest): Promise<Neighbour[]> {
    const { vector, limit, filters, excludedIds, modelVersion } = request;
    const excluded = new Set(excludedIds);
    const all = vectors.allAllowed(modelVersion, filters).filter((id) => !excluded.has(id));
    return scoreInSlices(vectors, modelVersion, vector, all, limit);
  }

  async function exactNearest(request: NearestRequest): Promise<Neighbour[]> {
    try {
      const found = withinCap(request);
      if (found) return found;
    } catch (error) {
      // sqlite-vec reports unreadable data as a plain error; reading the rows themselves raises SQLite's own.
      if ((error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
    }
    return scoreAll(request);
  }

  return {
    nearest: exactNearest,
  };
}
