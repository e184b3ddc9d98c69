/** The ExportStore port on SQLite: pages by id, each with its vectors in one further query. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { ExportedRestaurant, ExportStore } from '../../../transfer/export-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import type { VectorReader } from '../embeddings/vector-reader.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import { selectRestaurants } from './restaurant-row.ts';

/**
 * Rows of a page. No other request is answered while it is read (0.12 ms), turned into JSON and sent (another 0.3 ms of
 * CPU time, some of it in other threads; rows of 500 bytes).
 */
const PAGE = 32;
/** After each page an export pauses for this many times as long as reading the page took. */
const PAUSE_RATIO = 2;

export function createExportStore(database: Database, stored: VectorReader): ExportStore {
  const selectPage = database.prepare(`${selectRestaurants} WHERE r.id > :after ORDER BY r.id LIMIT ${PAGE}`);

  return {
    async *pages({ withVectors, modelVersion }): AsyncGenerator<ExportedRestaurant[]> {
      for (let after = 0; ;) {
        const startedAt = performance.now();
        const rows = selectPage.all({ after, modelVersion: idOf(modelVersion) }) as RestaurantRow[];
        const last = rows.at(-1);
        if (!last) return;
        const ready = rows.filter(({ status }) => status === 'ready').map(({ id }) => id);
        const read = withVectors && modelVersion ? stored.read(modelVersion, ready) : [];
        const vectors = new Map(read.map(({ id, vector }) => [id, vector]));
        const page = rows.map((row) => ({ restaurant: toRestaurant(row), vector: vectors.get(row.id) }));
        const pauseMs = (performance.now() - startedAt) * PAUSE_RATIO;
        yield page;
        after = last.id;
        await pause(pauseMs);
      }
    },
  };
}
