/** Names, cuisines and locations by prefix, without reading the rows that share one. */
import type { Suggestion } from '../../catalog/restaurant-store.ts';

const columns = {
  cuisineType: ['cuisine_folded', 'cuisine_type'],
  name: ['name_folded', 'name'],
  location: ['location_folded', 'location'],
} as const;

export const suggestionKinds = Object.keys(columns) as Suggestion['kind'][];

/**
 * Jumps from one distinct value to the next through the column's index, in the dialect that SQLite and PostgreSQL
 * share. Binds `:prefix` (folded) and `:limit`.
 */
export function suggestSql(kind: Suggestion['kind']): string {
  const [folded, shown] = columns[kind];
  return `
    WITH RECURSIVE found (folded) AS (
      SELECT min(${folded}) FROM restaurants WHERE ${folded} >= :prefix
      UNION ALL
      SELECT (SELECT min(${folded}) FROM restaurants WHERE ${folded} > found.folded)
      FROM found WHERE substr(found.folded, 1, length(:prefix)) = :prefix)
    SELECT (SELECT ${shown} FROM restaurants WHERE ${folded} = found.folded LIMIT 1) AS text
    FROM found WHERE substr(found.folded, 1, length(:prefix)) = :prefix LIMIT :limit`;
}
