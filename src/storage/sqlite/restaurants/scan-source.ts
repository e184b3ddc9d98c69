/** The rows that a filtered read has to scan, in slices of the most selective index. */
import { foldText } from '../../../catalog/fold-text.ts';
import { latitudeBand } from '../../../catalog/distance.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { ftsQuery } from '../search/fts-query.ts';
import type { SqlValue } from './filter-sql.ts';

/** Rows read between two turns of the event loop: 2 to 5 ms. */
const SCAN_SLICE = 1_000;

export interface ScanSource {
  /**
   * `id` and `position` of the next rows, ordered by both. Binds `:scanPosition` and `:scanId`, the end of the slice
   * before.
   */
  readonly sql: string;
  readonly values: Readonly<Record<string, SqlValue>>;
  /** The position before the first slice. */
  readonly start: number;
}

/** The sources are disjoint and read one after the other. Empty if nothing can match. */
export function scanSources(filters: RestaurantFilters, query: string | undefined): ScanSource[] {
  if (query !== undefined && query.trim() !== '') {
    const match = ftsQuery(query);
    return match === undefined
      ? []
      : [byRowid('restaurants_fts', 'rowid', 'restaurants_fts MATCH :scanMatch', { scanMatch: match })];
  }
  if (filters.cuisineTypes && filters.cuisineTypes.length > 0) {
    const cuisines = [...new Set(filters.cuisineTypes.map(foldText))];
    return cuisines.map((scanCuisine) =>
      byRowid('restaurants', 'id', 'cuisine_folded = :scanCuisine', { scanCuisine }),
    );
  }
  if (filters.near?.radiusKm !== undefined) {
    const [south, scanNorth] = latitudeBand(filters.near.latitude, filters.near.radiusKm);
    return [byColumn('latitude', south, 'AND latitude <= :scanNorth', { scanNorth })];
  }
  if (filters.minRating !== undefined) return [byColumn('rating', filters.minRating)];
  return [byRowid('restaurants', 'id', '1', {})];
}

function byRowid(table: string, id: string, condition: string, values: ScanSource['values']): ScanSource {
  return {
    sql: `SELECT ${id} AS id, 0 AS position FROM ${table} WHERE ${condition} AND ${id} > :scanId
      ORDER BY ${id} LIMIT ${SCAN_SLICE}`,
    values,
    start: 0,
  };
}

/** From a value on: no id is 0 or less, so the first row that has it is behind the start. */
function byColumn(
  column: string,
  start: number,
  condition = '',
  values: ScanSource['values'] = {},
): ScanSource {
  return {
    sql: `SELECT id, ${column} AS position FROM restaurants
      WHERE (${column}, id) > (:scanPosition, :scanId) ${condition} ORDER BY ${column}, id LIMIT ${SCAN_SLICE}`,
    values,
    start,
  };
}
