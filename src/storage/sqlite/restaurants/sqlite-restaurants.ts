/** The RestaurantStore port on SQLite. */
import type { Database } from 'better-sqlite3';
import type { RestaurantStore } from '../../../catalog/restaurant-store.ts';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';
import { createOnceWrites } from './create-once.ts';
import { createListRestaurants } from './list-restaurants.ts';
import { selectRestaurants, toRestaurant, type RestaurantRow } from './restaurant-row.ts';
import { cacheByDataVersion } from '../connection/data-version-cache.ts';
import type { VectorChanges } from '../embeddings/vector-changes.ts';
import { createRestaurantWrites } from './write-restaurants.ts';

export function createRestaurantStore(
  database: Database,
  current: CurrentGeneration,
  changes: VectorChanges,
  now: () => Date = () => new Date(),
): RestaurantStore {
  const selectOne = database.prepare(`${selectRestaurants} WHERE r.id = :id`);
  const selectMany = database.prepare(
    `${selectRestaurants} WHERE r.id IN (SELECT value FROM json_each(:ids))`,
  );
  const countAll = database.prepare('SELECT count(*) FROM restaurants').pluck();

  const selectCuisines = database
    .prepare(
      `SELECT min(cuisine_type) FROM restaurants WHERE cuisine_folded IS NOT NULL
       GROUP BY cuisine_folded ORDER BY count(*) DESC, cuisine_folded LIMIT ?`,
    )
    .pluck();
  const cuisines = cacheByDataVersion(
    database,
    current,
    (limit: number) => selectCuisines.all(limit) as string[],
  );
  const addView = database.prepare('UPDATE restaurants SET view_count = view_count + ? WHERE id = ?');
  const addViews = database.transaction((views: ReadonlyMap<number, number>) => {
    for (const [id, count] of views) addView.run(count, id);
  }).immediate;

  const find = (id: number) => {
    const row = selectOne.get({ id, generation: current.id }) as RestaurantRow | undefined;
    return row && toRestaurant(row);
  };
  const listRestaurants = createListRestaurants(database, current);
  const writes = createRestaurantWrites(database, find, now);
  const createOnce = createOnceWrites(database, writes.create, now);

  return {
    find: async (id) => find(id),
    findMany: async (ids) =>
      (selectMany.all({ ids: JSON.stringify(ids), generation: current.id }) as RestaurantRow[]).map(
        toRestaurant,
      ),
    list: async (request) => listRestaurants(request),
    create: async (fields) => writes.create(fields),
    createOnce: async (fields, key) => createOnce(fields, key),
    put: async (id, fields, condition) => writes.put(id, fields, condition),
    update: async (id, change, condition) => writes.update(id, change, condition),
    delete: async (id, condition) => {
      writes.delete(id, condition);
      changes.deleted(id);
    },
    cuisines: async (limit) => cuisines(limit),
    count: async () => countAll.get() as number,
    addViews: async (views) => addViews(views),
  };
}
