/** Ready restaurants by runs of ascending ids: a picture of the catalogue in a few hundred numbers. */
import type { Database } from 'better-sqlite3';
import type { EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import { idOf } from './model-versions.ts';

interface Run {
  readonly total: number;
  readonly ready: number;
}

export function createRunCounts(database: Database): EmbeddingStore['countByRun'] {
  const countRestaurants = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const countRuns = database.prepare(
    `SELECT count(*) AS total, ifnull(sum(ready), 0) AS ready FROM (
       SELECT row_number() OVER (ORDER BY r.id) - 1 AS number,
              e.restaurant_id IS NOT NULL AND ${isReady} AS ready
       FROM restaurants r ${joinEmbedding})
     GROUP BY CAST(number * :runs / :total AS INTEGER) ORDER BY number`,
  );
  return async (maxRuns, modelVersion) => {
    const total = countRestaurants.get() as number;
    if (total === 0) return [];
    return countRuns.all({
      runs: Math.min(maxRuns, total),
      total,
      modelVersion: idOf(modelVersion),
    }) as Run[];
  };
}
