/** One page of the catalogue, and how many rows match in all. */
import type { ListRequest, RestaurantPage } from '../../../catalog/restaurant-store.ts';
import type { Queries } from '../connection/database.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import { filterSql } from './filter-sql.ts';
import { keyset } from './keyset.ts';
import { joinEmbedding, restaurantColumns, restaurantJoins } from './restaurant-row.ts';

type Row = RestaurantRow & { readonly sort_key: string | number | null };

/** Joins the embedding status only for the rows of the page. */
export async function listRestaurants(
  queries: Queries,
  { filters, query, sort, limit, after, modelVersion }: ListRequest,
): Promise<RestaurantPage> {
  const filter = filterSql(filters, query);
  const { key, orderBy, condition, keyValues } = keyset(sort, after, filters.near);
  const values = { ...filter.values, ...condition.values, ...keyValues, modelVersion: modelVersion?.id ?? 0 };
  const joined = filters.embedded === undefined ? '' : joinEmbedding;
  const [rows, total] = await Promise.all([
    queries.rows<Row>(
      // One more row than requested shows whether there is a next page.
      `WITH page AS MATERIALIZED (
         SELECT r.id, ${key} AS sort_key, row_number() OVER (ORDER BY ${orderBy}) AS place
         FROM restaurants r ${joined}
         WHERE ${filter.sql} AND ${condition.sql} ORDER BY ${orderBy} LIMIT :limit)
       SELECT ${restaurantColumns}, page.sort_key
       FROM page JOIN restaurants r ON r.id = page.id ${restaurantJoins} ORDER BY page.place`,
      { ...values, limit: limit + 1 },
    ),
    countMatches(queries, filter.sql, joined, values),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toRestaurant),
    total,
    next: rows.length > limit && last ? { key: last.sort_key, id: last.id } : undefined,
  };
}

/** Every row is counted already. */
export const countRestaurants = `
  SELECT coalesce(sum(rows), 0)::bigint AS total FROM (
    SELECT rows FROM word_counts WHERE word = '' UNION ALL SELECT rows FROM word_changes WHERE word = '') AS counted`;

async function countMatches(
  queries: Queries,
  condition: string,
  joined: string,
  values: Parameters<Queries['row']>[1],
): Promise<number> {
  const counted =
    condition === 'true'
      ? await queries.row<{ total: number }>(countRestaurants)
      : await queries.row<{ total: number }>(
          `SELECT count(*) AS total FROM restaurants r ${joined} WHERE ${condition}`,
          values,
        );
  return counted?.total ?? 0;
}
