/** Counting views: summed by id, in one statement that locks rows in the order of their ids. */
import type { Queries } from '../connection/database.ts';

/** The order of locks prevents deadlocks between processes that add views at once. */
export async function addViews(queries: Queries, views: ReadonlyMap<number, number>): Promise<void> {
  await queries.run(
    `INSERT INTO restaurant_views (restaurant_id, views)
     SELECT r.id, added.views FROM unnest(:ids::bigint[], :counts::bigint[]) AS added (id, views)
     JOIN restaurants r ON r.id = added.id ORDER BY r.id FOR KEY SHARE OF r
     ON CONFLICT (restaurant_id) DO UPDATE SET views = restaurant_views.views + excluded.views`,
    { ids: [...views.keys()], counts: [...views.values()] },
  );
}
