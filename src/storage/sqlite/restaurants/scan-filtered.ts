/** Reads the rows that match filters in slices, between which other requests run. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql, type SqlValue } from './filter-sql.ts';
import { joinEmbedding } from './restaurant-row.ts';
import { scanSources } from './scan-source.ts';

export interface FilteredScan {
  readonly filters: RestaurantFilters;
  readonly query?: string | undefined;
  readonly modelVersion: StoredModelVersion | undefined;
  /** The columns to select from the matching rows of a slice, and the SQL after WHERE, over `r` and `e`. */
  readonly columns: string;
  readonly tail?: string;
  readonly values?: Readonly<Record<string, SqlValue>>;
  /** Ends the scan before its next slice, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export type ScanFiltered = <Row>(scan: FilteredScan) => AsyncGenerator<Row[]>;

export function createFilteredScan(database: Database): ScanFiltered {
  const prepare = createStatementCache(database);

  return async function* readSlices<Row>(scan: FilteredScan): AsyncGenerator<Row[]> {
    const { filters, query, columns, tail = '', signal } = scan;
    const filter = filterSql(filters);
    for (const source of scanSources(filters, query)) {
      const selectEnd = prepare(
        `SELECT position, id FROM (${source.sql}) ORDER BY position DESC, id DESC LIMIT 1`,
      );
      const selectSlice = prepare(
        `WITH slice AS MATERIALIZED (${source.sql})
         SELECT ${columns} FROM slice CROSS JOIN restaurants r ON r.id = slice.id ${joinEmbedding}
         WHERE ${filter.sql} ${tail}`,
      );
      // FTS5 ignores a bound on its rowid that is not an integer, and JavaScript's numbers are bound as reals.
      let after = { scanPosition: source.start as SqlValue, scanId: 0n };
      for (;;) {
        const own = { ...source.values, ...after };
        const end = selectEnd.get(own) as { position: SqlValue; id: number } | undefined;
        if (!end) break;
        const values = { ...filter.values, ...scan.values, ...own, modelVersion: idOf(scan.modelVersion) };
        yield selectSlice.all(values) as Row[];
        after = { scanPosition: end.position, scanId: BigInt(end.id) };
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
  };
}
