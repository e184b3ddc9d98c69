/** The RestaurantStore port on PostgreSQL. */
import type { RestaurantStore } from '../../../catalog/restaurant-store.ts';
import type { CachedReads } from '../connection/cached-reads.ts';
import type { Database } from '../connection/database.ts';
import { foldText } from '../../../catalog/fold-text.ts';
import { suggestionKinds, suggestSql } from '../../rows/suggest.ts';
import { countFacets } from './count-facets.ts';
import { createOnceWrites } from './create-once.ts';
import { findByExternalIds, findRestaurant, findRestaurants } from './find-restaurants.ts';
import { countRestaurants, listRestaurants } from './list-restaurants.ts';
import { addViews } from './view-counts.ts';
import { createRestaurantWrites } from './write-restaurants.ts';

export function createRestaurantStore(
  database: Database,
  cached: CachedReads,
  now: () => Date = () => new Date(),
): RestaurantStore {
  const writes = createRestaurantWrites(database, now);
  const createOnce = createOnceWrites(database, writes.createIn, now);
  const cuisines = cached(async (limit: number) => {
    const rows = await database.rows<{ cuisine: string }>(
      `SELECT min(cuisine_type COLLATE "C") AS cuisine FROM restaurants WHERE cuisine_folded IS NOT NULL
       GROUP BY cuisine_folded ORDER BY count(*) DESC, cuisine_folded LIMIT :limit`,
      { limit },
    );
    return rows.map(({ cuisine }) => cuisine);
  });

  return {
    find: (id, modelVersion) => findRestaurant(database, id, modelVersion),
    findMany: (ids, modelVersion) => findRestaurants(database, ids, modelVersion),
    findByExternalIds: (externalIds, modelVersion) => findByExternalIds(database, externalIds, modelVersion),
    list: (request) => listRestaurants(database, request),
    countFacets: (request) => countFacets(database, request),
    async suggest(prefix, limit) {
      const values = { prefix: foldText(prefix), limit };
      const found = await Promise.all(
        suggestionKinds.map(async (kind) => {
          const rows = await database.rows<{ text: string }>(suggestSql(kind), values);
          return rows.map(({ text }) => ({ kind, text }));
        }),
      );
      return found.flat();
    },
    create: (fields, options) => writes.create(fields, options),
    createOnce: (fields, key, options) => createOnce(fields, key, options),
    put: (id, fields, options) => writes.put(id, fields, options),
    update: (id, change, options) => writes.update(id, change, options),
    delete: (id, condition) => writes.delete(id, condition),
    count: async () => (await database.row<{ total: number }>(countRestaurants))?.total ?? 0,
    cuisines,
    addViews: (views) => addViews(database, views),
  };
}
