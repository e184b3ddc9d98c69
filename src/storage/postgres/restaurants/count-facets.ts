/** How many of the rows that match have each value of a field. */
import type { FacetCount, FacetField, FacetRequest, Facets } from '../../../catalog/restaurant-store.ts';
import type { Queries } from '../connection/database.ts';
import { filterSql } from './filter-sql.ts';
import { joinEmbedding } from './restaurant-row.ts';

/** The key by which values count as equal, and the value that is shown. */
const columns: Readonly<Record<FacetField, readonly [key: string, shown: string]>> = {
  cuisineType: ['r.cuisine_folded', 'min(r.cuisine_type COLLATE "C")'],
  priceLevel: ['r.price_level', 'r.price_level'],
  location: ['r.location_folded', 'min(r.location COLLATE "C")'],
};

export async function countFacets(
  queries: Queries,
  { filters, query, modelVersion, fields, limit }: FacetRequest,
): Promise<Facets> {
  const filter = filterSql(filters, query);
  const isJoined = filters.embedded !== undefined;
  const values = { ...filter.values, ...(isJoined && { modelVersion: modelVersion?.id ?? 0 }), limit };
  const counted = await Promise.all(
    fields.map(async (field) => {
      const [key, shown] = columns[field];
      const rows = await queries.rows<FacetCount>(
        `SELECT ${shown} AS value, count(*) AS count FROM restaurants r ${isJoined ? joinEmbedding : ''}
         WHERE ${filter.sql} AND ${key} IS NOT NULL GROUP BY ${key} ORDER BY count DESC, ${key} LIMIT :limit`,
        values,
      );
      return [field, rows] as const;
    }),
  );
  return Object.fromEntries(counted) as Facets;
}
