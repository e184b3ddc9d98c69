/** Sorting and keyset paging: each row exactly once, at the same cost for every page. */
import type { GeoFilter } from '../../../catalog/restaurant-filters.ts';
import type { PagePosition, RestaurantSort } from '../../../catalog/restaurant-store.ts';
import type { SqlValue } from '../connection/bind-values.ts';
import type { SqlCondition } from './filter-sql.ts';

interface SortKey {
  readonly sql: string;
  readonly type: 'bigint' | 'text' | 'float8' | 'timestamptz';
  /** Replaces a missing key, so that rows without one come last in either direction. */
  readonly missing?: { readonly ascending: number; readonly descending: number };
}

const keys = {
  id: { sql: 'r.id', type: 'bigint' },
  name: { sql: 'r.name_folded', type: 'text' },
  rating: { sql: 'r.rating', type: 'float8', missing: { ascending: 6, descending: -1 } },
  createdAt: { sql: 'r.created_at', type: 'timestamptz' },
  distance: {
    sql: 'distance_km(:fromLatitude, :fromLongitude, r.latitude, r.longitude)',
    type: 'float8',
    missing: { ascending: 1e9, descending: -1 },
  },
} as const satisfies Record<string, SortKey>;

export interface Keyset {
  /** The SQL expression of the next page's key, null where the row has none. */
  readonly key: string;
  readonly orderBy: string;
  /** Selects the rows after `after`; `true` for the first page. */
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
  const isDescending = sort.startsWith('-');
  const field = (isDescending ? sort.slice(1) : sort) as keyof typeof keys;
  const { sql: key, type, missing }: SortKey = keys[field];
  const direction = isDescending ? 'DESC' : 'ASC';
  const beyond = isDescending ? '<' : '>';
  const keyValues =
    field === 'distance' ? { fromLatitude: from?.latitude ?? 0, fromLongitude: from?.longitude ?? 0 } : {};
  const substitute = missing?.[isDescending ? 'descending' : 'ascending'];
  const ordered = substitute === undefined ? key : `coalesce(${key}, ${substitute})`;
  const orderBy = field === 'id' ? `r.id ${direction}` : `${ordered} ${direction}, r.id ${direction}`;
  return { key, orderBy, keyValues, condition: behind() };

  function behind(): SqlCondition {
    if (!after) return { sql: 'true', values: {} };
    if (field === 'id') return { sql: `r.id ${beyond} :afterId`, values: { afterId: after.id } };
    return {
      sql: `(${ordered}, r.id) ${beyond} (:afterKey::${type}, :afterId::bigint)`,
      values: { afterKey: after.key ?? substitute ?? null, afterId: after.id },
    };
  }
}
