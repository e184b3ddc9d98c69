/** Sorting and keyset paging: each row exactly once, at the same cost for every page. */
import type { GeoFilter } from '../../../catalog/restaurant-filters.ts';
import type { PagePosition, RestaurantSort } from '../../../catalog/restaurant-store.ts';
import type { SqlCondition, SqlValue } from './filter-sql.ts';

const keyOf = {
  id: 'r.id',
  name: 'r.name_folded',
  rating: 'r.rating',
  createdAt: 'r.created_at',
  distance: 'distance_km(:fromLatitude, :fromLongitude, r.latitude, r.longitude)',
} as const;

export interface Keyset {
  /** The SQL expression that rows are ordered by, to be selected as the next page's key. */
  readonly key: string;
  readonly orderBy: string;
  /** Selects the rows after `after`; always true for the first page. */
  readonly condition: SqlCondition;
  /** Values that `key` binds, needed wherever it is used. */
  readonly keyValues: Readonly<Record<string, SqlValue>>;
}

/** Rows without a key come last in either direction; ties are ordered by id in the direction of the sort. */
export function keyset(
  sort: RestaurantSort,
  after: PagePosition | undefined,
  from: GeoFilter | undefined,
): Keyset {
  const descending = sort.startsWith('-');
  const field = (descending ? sort.slice(1) : sort) as keyof typeof keyOf;
  const direction = descending ? 'DESC' : 'ASC';
  const beyond = descending ? '<' : '>';
  const hasNulls = field === 'rating' || field === 'distance';
  const key =
    field === 'distance' ? `CASE WHEN r.latitude IS NOT NULL THEN ${keyOf.distance} END` : keyOf[field];
  const keyValues: Record<string, SqlValue> =
    field === 'distance' ? { fromLatitude: from?.latitude ?? 0, fromLongitude: from?.longitude ?? 0 } : {};

  const orderBy =
    field === 'id'
      ? `r.id ${direction}`
      : `${key} ${direction}${hasNulls ? ' NULLS LAST' : ''}, r.id ${direction}`;
  return { key, orderBy, keyValues, condition: behind() };

  function behind(): SqlCondition {
    if (!after) return { sql: '1', values: {} };
    if (field === 'id') return { sql: `r.id ${beyond} :afterId`, values: { afterId: after.id } };
    if (after.key === null) {
      return { sql: `${key} IS NULL AND r.id ${beyond} :afterId`, values: { afterId: after.id } };
    }
    const behindKey = `(${key}, r.id) ${beyond} (:afterKey, :afterId)`;
    return {
      sql: hasNulls ? `(${behindKey} OR ${key} IS NULL)` : behindKey,
      values: { afterKey: after.key, afterId: after.id },
    };
  }
}
