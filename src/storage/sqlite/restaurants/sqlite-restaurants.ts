/** The RestaurantStore port on SQLite. */
import type { Database } from 'better-sqlite3';
import { idOf } from '../embeddings/model-versions.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantStore } from '../../../catalog/restaurant-store.ts';
import { createOnceWrites } from './create-once.ts';
import { foldText } from '../../../catalog/fold-text.ts';
import { createFacetCounts } from './count-facets.ts';
import { createListRestaurants } from './list-restaurants.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import { selectRestaurants } from './restaurant-row.ts';
import { suggestionKinds, suggestSql } from '../../rows/suggest.ts';
import type { DataVersion } from '../connection/data-version.ts';
import { createDataVersionCache } from '../connection/data-version-cache.ts';
import type { VectorChanges } from '../embeddings/vector-changes.ts';
import { createFilteredScan } from './scan-filtered.ts';
import { createRestaurantWrites } from './write-restaurants.ts';

export function createRestaurantStore(
  database: Database,
  changes: VectorChanges,
  dataVersion: DataVersion,
  now: () => Date = () => new Date(),
): RestaurantStore {
  const selectOne = database.prepare(`${selectRestaurants} WHERE r.id = :id`);
  const selectMany = database.prepare(
    `${selectRestaurants} WHERE r.id IN (SELECT value FROM json_each(:ids))`,
  );
  const selectByExternalIds = database.prepare(
    `${selectRestaurants} WHERE r.external_id IN (SELECT value FROM json_each(:externalIds))`,
  );
  const suggestions = suggestionKinds.map((kind) => ({
    kind,
    select: database.prepare(suggestSql(kind)).pluck(),
  }));
  const countAll = database.prepare('SELECT count(*) FROM restaurants').pluck();

  const selectCuisines = database
    .prepare(
      `SELECT min(cuisine_type) FROM restaurants WHERE cuisine_folded IS NOT NULL
       GROUP BY cuisine_folded ORDER BY count(*) DESC, cuisine_folded LIMIT ?`,
    )
    .pluck();
  const cuisines = createDataVersionCache<string[]>(dataVersion, { max: 4 });
  const addView = database.prepare('UPDATE restaurants SET view_count = view_count + ? WHERE id = ?');
  const addViews = database.transaction((views: ReadonlyMap<number, number>) => {
    for (const [id, count] of views) addView.run(count, id);
  }).immediate;

  const find = (id: number, modelVersion: StoredModelVersion | undefined) => {
    const row = selectOne.get({ id, modelVersion: idOf(modelVersion) }) as RestaurantRow | undefined;
    return row && toRestaurant(row);
  };
  const scanFiltered = createFilteredScan(database);
  const listRestaurants = createListRestaurants(database, scanFiltered);
  const countFacets = createFacetCounts(scanFiltered);
  const writes = createRestaurantWrites(database, find, now);
  const createOnce = createOnceWrites(database, writes.create, now);

  return {
    find: async (id, modelVersion) => find(id, modelVersion),
    findMany: async (ids, modelVersion) =>
      (selectMany.all({ ids: JSON.stringify(ids), modelVersion: idOf(modelVersion) }) as RestaurantRow[]).map(
        toRestaurant,
      ),
    findByExternalIds: async (externalIds, modelVersion) =>
      (
        selectByExternalIds.all({
          externalIds: JSON.stringify(externalIds),
          modelVersion: idOf(modelVersion),
        }) as RestaurantRow[]
      ).map(toRestaurant),
    list: listRestaurants,
    countFacets,
    suggest: async (prefix, limit) =>
      suggestions.flatMap(({ kind, select }) =>
        (select.all({ prefix: foldText(prefix), limit }) as string[]).map((text) => ({ kind, text })),
      ),
    create: async (fields, { modelVersion }) => writes.create(fields, modelVersion),
    createOnce: async (fields, key, { modelVersion }) => createOnce(fields, key, modelVersion),
    put: async (id, fields, options) => writes.put(id, fields, options),
    update: async (id, change, options) => writes.update(id, change, options),
    delete: async (id, condition) => {
      writes.delete(id, condition);
      changes.deleted(id);
    },
    cuisines: async (limit) => cuisines.read(String(limit), () => selectCuisines.all(limit) as string[]),
    count: async () => countAll.get() as number,
    addViews: async (views) => dataVersion.withoutChange(() => addViews(views)),
  };
}
