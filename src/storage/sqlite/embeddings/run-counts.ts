/** Counts of ready restaurants in runs of ascending ids, for the coverage strip of the explorer. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import { idOf } from './model-versions.ts';

/** Rows between two turns of the event loop: about 1 ms. */
const SLICE_ROWS = 2_000;

/**
 * Other requests run between the slices, so rows that are added or deleted meanwhile may or may not be counted.
 */
export function createRunCounts(database: Database): EmbeddingStore['countByRun'] {
  const countRestaurants = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const readSlice = database
    .prepare(
      `SELECT r.id, e.restaurant_id IS NOT NULL AND ${isReady} AS ready
       FROM restaurants r ${joinEmbedding} WHERE r.id > :after ORDER BY r.id LIMIT ${SLICE_ROWS}`,
    )
    .raw();
  return async (maxRuns, modelVersion) => {
    const total = countRestaurants.get() as number;
    const runs: { total: number; ready: number }[] = Array.from({ length: Math.min(maxRuns, total) }, () => ({
      total: 0,
      ready: 0,
    }));
    let number = 0;
    let after = -1;
    for (;;) {
      const rows = readSlice.all({ after, modelVersion: idOf(modelVersion) }) as [
        id: number,
        ready: number,
      ][];
      for (const [id, ready] of rows) {
        const run = runs[Math.min(runs.length - 1, Math.floor((number * runs.length) / total))];
        if (run) {
          run.total += 1;
          run.ready += ready;
        }
        number += 1;
        after = id;
      }
      if (rows.length < SLICE_ROWS) return runs.filter((run) => run.total > 0);
      await nextTurn();
    }
  };
}
