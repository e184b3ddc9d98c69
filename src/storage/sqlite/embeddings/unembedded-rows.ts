/** Walks the catalogue in short steps for rows without a vector. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { UnembeddedRow } from '../../../embedding/embedding-store.ts';
import { createDemand, DEMAND_ROWS, type ViewedRow, type WalkedRow } from '../../rows/demand.ts';
import { idOf } from './model-versions.ts';
import { embeddingJoins, isReady } from '../restaurants/restaurant-row.ts';

/** Rows a step: about 1 ms, whatever the size of the catalogue. */
const STEP = 500;

export function createUnembeddedRows(database: Database, now: () => Date) {
  const selectDemand = database.prepare(
    `SELECT cuisine_folded AS cuisine, location_folded AS location FROM restaurants
       WHERE view_count > 0 ORDER BY view_count DESC LIMIT ${DEMAND_ROWS}`,
  );
  const selectStepEnd = database
    .prepare(`SELECT max(id) FROM (SELECT id FROM restaurants WHERE id > ? ORDER BY id LIMIT ${STEP})`)
    .pluck();
  const selectStep = database.prepare(
    `SELECT r.id AS restaurantId, r.view_count AS viewCount, r.cuisine_folded AS cuisine,
            r.location_folded AS location
     FROM restaurants r ${embeddingJoins}
     WHERE r.id > :after AND r.id <= :end
       AND NOT (e.restaurant_id IS NOT NULL AND ${isReady}) AND (f.retry_at IS NULL OR f.retry_at <= :now)
     ORDER BY r.id`,
  );

  return async function* walk(modelVersion: StoredModelVersion | undefined): AsyncGenerator<UnembeddedRow[]> {
    const demand = createDemand(selectDemand.all() as ViewedRow[]);
    for (let after = 0; ;) {
      const end = selectStepEnd.get(after) as number | null;
      if (end === null) return;
      const rows = selectStep.all({
        after,
        end,
        now: now().toISOString(),
        modelVersion: idOf(modelVersion),
      }) as WalkedRow[];
      yield rows.map(demand);
      after = end;
      await nextTurn();
    }
  };
}
