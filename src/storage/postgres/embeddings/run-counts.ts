/** The catalogue in runs of ids of nearly equal length, with how many rows of each have a current vector. */
import type { Queries } from '../connection/database.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';

export function countByRun(
  queries: Queries,
  maxRuns: number,
  modelVersion: number,
): Promise<{ readonly total: number; readonly ready: number }[]> {
  return queries.rows(
    `SELECT count(*) AS total, count(*) FILTER (WHERE is_ready) AS ready FROM (
       SELECT ntile(:maxRuns::integer) OVER (ORDER BY r.id) AS run, (${isReady}) AS is_ready
       FROM restaurants r ${joinEmbedding}) AS rows
     GROUP BY run ORDER BY run`,
    { maxRuns, modelVersion },
  );
}
