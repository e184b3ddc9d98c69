/** The ChangeLog port on SQLite: triggers write it, one writer at a time, so positions are in the order of commits. */
import type { Database } from 'better-sqlite3';
import type { Change, ChangeLog } from '../../../catalog/change-log.ts';

export function createChangeLog(database: Database): ChangeLog {
  const select = database.prepare(
    `SELECT position, restaurant_id AS restaurantId, kind, at FROM catalogue_changes
     WHERE position > ? ORDER BY position LIMIT ?`,
  );
  return {
    async list(after, limit) {
      const rows = select.all(BigInt(after), limit) as (Change & { readonly position: number })[];
      const changes = rows.map(({ restaurantId, kind, at }) => ({ restaurantId, kind, at }));
      return { changes, next: String(rows.at(-1)?.position ?? after) };
    },
  };
}
