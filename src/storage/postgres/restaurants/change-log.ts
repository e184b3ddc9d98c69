/** The ChangeLog port on PostgreSQL: triggers write it. */
import type { Change, ChangeLog } from '../../../catalog/change-log.ts';
import type { Database } from '../connection/database.ts';
import { CHANGE_LOG_LOCK } from '../migrations/002-attributes-and-changes.ts';

export function createChangeLog(database: Database): ChangeLog {
  return {
    list: (after, limit) =>
      database.transaction(async (queries) => {
        // Waits for writers that have a position and have not committed; positions taken from now on are later.
        await queries.run(`SELECT pg_advisory_xact_lock(${CHANGE_LOG_LOCK})`);
        const rows = await queries.rows<Change & { readonly position: string | number }>(
          `SELECT position, restaurant_id AS "restaurantId", kind, at FROM catalogue_changes
           WHERE position > :after::bigint ORDER BY position LIMIT :limit`,
          { after, limit },
        );
        const changes = rows.map(({ restaurantId, kind, at }) => ({ restaurantId, kind, at }));
        return { changes, next: String(rows.at(-1)?.position ?? after) };
      }),
  };
}
