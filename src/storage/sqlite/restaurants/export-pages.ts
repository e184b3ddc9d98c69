/** The ExportStore port on SQLite: pages by id, each with its vectors in one further query. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { ExportedRestaurant, ExportStore } from '../../../transfer/export-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import type { VectorReader } from '../embeddings/stored-vectors.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import { selectRestaurants } from './restaurant-row.ts';

/** Rows between two turns of the event loop: about 3 ms with vectors. */
const PAGE = 200;

export function createExportStore(database: Database, stored: VectorReader): ExportStore {
  const selectPage = database.prepare(`${selectRestaurants} WHERE r.id > :after ORDER BY r.id LIMIT ${PAGE}`);

  return {
    async *pages({ withVectors, modelVersion }): AsyncGenerator<ExportedRestaurant[]> {
      for (let after = 0; ;) {
        const rows = selectPage.all({ after, modelVersion: idOf(modelVersion) }) as RestaurantRow[];
        const last = rows.at(-1);
        if (!last) return;
        const ready = rows.filter(({ status }) => status === 'ready').map(({ id }) => id);
        const read = withVectors && modelVersion ? stored.read(modelVersion, ready) : [];
        const vectors = new Map(read.map(({ id, vector }) => [id, vector]));
        yield rows.map((row) => ({ restaurant: toRestaurant(row), vector: vectors.get(row.id) }));
        after = last.id;
        await nextTurn();
      }
    },
  };
}
