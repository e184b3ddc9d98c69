/** One page of the catalogue, and how many rows match in all. */
import type { Database } from 'better-sqlite3';
import type { ListRequest, PagePosition, RestaurantPage } from '../../../catalog/restaurant-store.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from './filter-sql.ts';
import { keyset } from './keyset.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import { selectRestaurants } from './restaurant-row.ts';
import type { ScanFiltered } from './scan-filtered.ts';

interface Found {
  readonly positions: readonly PagePosition[];
  readonly total: number;
}

export function createListRestaurants(database: Database, scanFiltered: ScanFiltered) {
  const prepare = createStatementCache(database);
  const countAll = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const selectMany = database.prepare(
    `${selectRestaurants} WHERE r.id IN (SELECT value FROM json_each(:ids))`,
  );

  /** Uses the index of the sort: reads only the rows of the page. */
  function findByIndex({ sort, limit, after }: ListRequest): Found {
    const { key, orderBy, condition, keyValues } = keyset(sort, after, undefined);
    const positions = prepare(
      `SELECT r.id, ${key} AS key FROM restaurants r WHERE ${condition.sql} ORDER BY ${orderBy} LIMIT :limit`,
    ).all({ ...condition.values, ...keyValues, limit: limit + 1 }) as PagePosition[];
    return { positions, total: countAll.get() as number };
  }

  /** Reads every row that may match, and keeps the first ones of each slice in the order of the sort. */
  async function findByScan(request: ListRequest): Promise<Found> {
    const { filters, query, sort, limit, after, modelVersion, signal } = request;
    const { key, orderBy, condition, keyValues } = keyset(sort, after, filters.near);
    const compare = comparePositions(sort);
    let total = 0;
    let positions: PagePosition[] = [];
    const slices = scanFiltered<PagePosition & { readonly isBehind: number; readonly matches: number }>({
      filters,
      query,
      modelVersion,
      columns: `r.id, ${key} AS key, (${condition.sql}) AS isBehind, count(*) OVER () AS matches`,
      tail: `ORDER BY isBehind DESC, ${orderBy} LIMIT :limit`,
      values: { ...condition.values, ...keyValues, limit: limit + 1 },
      signal,
    });
    for await (const rows of slices) {
      total += rows[0]?.matches ?? 0;
      const behind = rows.filter(({ isBehind }) => isBehind);
      if (behind.length > 0) positions = [...positions, ...behind].sort(compare).slice(0, limit + 1);
    }
    return { positions, total };
  }

  return async function listRestaurants(request: ListRequest): Promise<RestaurantPage> {
    const { filters, query, sort, limit, modelVersion } = request;
    const isFiltered = filterSql(filters, query).sql !== '1' || sort === 'distance';
    const { positions, total } = isFiltered ? await findByScan(request) : findByIndex(request);
    const page = positions.slice(0, limit);
    const ids = JSON.stringify(page.map(({ id }) => id));
    const rows = selectMany.all({ ids, modelVersion: idOf(modelVersion) }) as RestaurantRow[];
    const byId = new Map(rows.map((row) => [row.id, row]));
    const last = page.at(-1);
    return {
      items: page.flatMap(({ id }) => {
        const row = byId.get(id);
        return row ? [toRestaurant(row)] : [];
      }),
      total,
      next: positions.length > limit && last ? { key: last.key, id: last.id } : undefined,
    };
  };
}

/** As SQLite orders them: text by its bytes in UTF-8, rows without a key last in either direction. */
function comparePositions(sort: ListRequest['sort']) {
  const direction = sort.startsWith('-') ? -1 : 1;
  return (one: PagePosition, other: PagePosition): number => {
    if (one.key === null || other.key === null) {
      if (one.key !== other.key) return one.key === null ? 1 : -1;
    } else {
      const order = compareKeys(one.key, other.key);
      if (order !== 0) return order * direction;
    }
    return (one.id - other.id) * direction;
  };
}

function compareKeys(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (one === other) return 0;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}
