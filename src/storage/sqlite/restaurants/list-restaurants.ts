/** One page of the catalogue, and how many rows match in all. */
import type { Database } from 'better-sqlite3';
import type { ListRequest, RestaurantPage } from '../../../catalog/restaurant-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from './filter-sql.ts';
import { keyset } from './keyset.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { joinEmbedding, selectRestaurants, toRestaurant, type RestaurantRow } from './restaurant-row.ts';

export function createListRestaurants(database: Database) {
  const prepare = createStatementCache(database);

  return function listRestaurants(request: ListRequest): RestaurantPage {
    const { filters, query, sort, limit, after } = request;
    const filter = filterSql(filters, query);
    const { key, orderBy, condition, keyValues } = keyset(sort, after, filters.near);
    const modelVersion = { modelVersion: idOf(request.modelVersion) };

    const total =
      filter.sql === '1'
        ? prepare('SELECT count(*) AS total FROM restaurants').get()
        : prepare(`SELECT count(*) AS total FROM restaurants r ${joinEmbedding} WHERE ${filter.sql}`).get({
            ...filter.values,
            ...modelVersion,
          });
    // One row more than asked for tells whether there is a next page.
    const rows = prepare(
      `${selectRestaurants.replace('SELECT', `SELECT ${key} AS sort_key,`)}
       WHERE ${filter.sql} AND ${condition.sql} ORDER BY ${orderBy} LIMIT :limit`,
    ).all({
      ...filter.values,
      ...condition.values,
      ...keyValues,
      ...modelVersion,
      limit: limit + 1,
    }) as (RestaurantRow & {
      sort_key: string | number | null;
    })[];
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toRestaurant),
      total: (total as { total: number }).total,
      next: rows.length > limit && last ? { key: last.sort_key, id: last.id } : undefined,
    };
  };
}
