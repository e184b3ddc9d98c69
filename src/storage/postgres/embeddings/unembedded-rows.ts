/** Rows that a backfill should embed, page by page. */
import type { UnembeddedRow } from '../../../embedding/embedding-store.ts';
import { createDemand, DEMAND_ROWS, type ViewedRow, type WalkedRow } from '../../rows/demand.ts';
import type { Queries } from '../connection/database.ts';
import { isReady, joinEmbedding, joinFailure } from '../restaurants/restaurant-row.ts';

/** Rows of the catalogue that one step reads. */
const STEP = 2_000;

export async function* walkUnembedded(
  queries: Queries,
  modelVersion: number,
  now: () => Date,
): AsyncGenerator<UnembeddedRow[]> {
  const mostViewed = await queries.rows<ViewedRow>(
    `SELECT r.cuisine_folded AS cuisine, r.location_folded AS location
     FROM (SELECT restaurant_id FROM restaurant_views ORDER BY views DESC LIMIT ${DEMAND_ROWS}) viewed
     JOIN restaurants r ON r.id = viewed.restaurant_id`,
  );
  const demand = createDemand(mostViewed);
  for (let after = 0; ;) {
    const end = (
      await queries.row<{ end: number | null }>(
        `SELECT max(id) AS end FROM
           (SELECT id FROM restaurants WHERE id > :after ORDER BY id LIMIT ${STEP}) AS step`,
        { after },
      )
    )?.end;
    if (end === null || end === undefined) return;
    const rows = await queries.rows<WalkedRow>(
      `SELECT r.id AS "restaurantId", coalesce(w.views, 0) AS "viewCount", r.cuisine_folded AS cuisine,
              r.location_folded AS location
       FROM restaurants r ${joinEmbedding} ${joinFailure}
       LEFT JOIN restaurant_views w ON w.restaurant_id = r.id
       WHERE r.id > :after AND r.id <= :end
         AND (${isReady}) IS NOT TRUE AND (f.retry_at IS NULL OR f.retry_at <= :now)
       ORDER BY r.id`,
      { after, end, now: now().toISOString(), modelVersion },
    );
    yield rows.map(demand);
    after = end;
  }
}
