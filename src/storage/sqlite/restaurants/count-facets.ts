/** How many of the rows that match have each value of a field. */
import type { Database } from 'better-sqlite3';
import type { FacetCount, FacetField, FacetRequest, Facets } from '../../../catalog/restaurant-store.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from './filter-sql.ts';
import { joinEmbedding } from './restaurant-row.ts';

/** What is counted as equal, and what is shown of it. */
const columns: Readonly<Record<FacetField, readonly [key: string, shown: string]>> = {
  cuisineType: ['r.cuisine_folded', 'min(r.cuisine_type)'],
  priceLevel: ['r.price_level', 'r.price_level'],
  location: ['r.location_folded', 'min(r.location)'],
};

export function createFacetCounts(database: Database) {
  const prepare = createStatementCache(database);

  return ({ filters, query, modelVersion, fields, limit }: FacetRequest): Facets => {
    const filter = filterSql(filters, query);
    const values = {
      ...filter.values,
      ...(filter.sql.includes('e.') && { modelVersion: idOf(modelVersion) }),
      limit,
    };
    const counted = fields.map((field) => {
      const [key, shown] = columns[field];
      const sql = `
        SELECT ${shown} AS value, count(*) AS count FROM restaurants r ${filter.sql.includes('e.') ? joinEmbedding : ''}
        WHERE ${filter.sql} AND ${key} IS NOT NULL GROUP BY ${key} ORDER BY count DESC, ${key} LIMIT :limit`;
      return [field, prepare(sql).all(values) as FacetCount[]];
    });
    return Object.fromEntries(counted) as Facets;
  };
}
