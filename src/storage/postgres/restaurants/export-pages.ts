/** The ExportStore port on PostgreSQL. */
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import type { ExportStore } from '../../../transfer/export-store.ts';
import type { Database } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';
import { readVector } from '../embeddings/vector-wire.ts';
import { restaurantColumns, restaurantJoins } from './restaurant-row.ts';

const PAGE_ROWS = 500;

export function createExportStore(database: Database): ExportStore {
  return {
    async *pages({ withVectors, modelVersion }) {
      const [column, join] =
        withVectors && modelVersion
          ? [
              ', vector_send(v.embedding) AS vector',
              `LEFT JOIN ${vectorTable(modelVersion)} v ON v.restaurant_id = r.id AND v.text_hash = r.text_hash`,
            ]
          : ['', ''];
      for (let after = 0; ;) {
        const rows = await database.rows<RestaurantRow & { vector?: Buffer | null }>(
          `SELECT ${restaurantColumns} ${column} FROM restaurants r ${restaurantJoins} ${join}
           WHERE r.id > :after ORDER BY r.id LIMIT ${PAGE_ROWS}`,
          { after, modelVersion: modelVersion?.id ?? 0 },
        );
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map((row) => ({
          restaurant: toRestaurant(row),
          vector: row.vector ? readVector(row.vector) : undefined,
        }));
        after = last.id;
      }
    },
  };
}
