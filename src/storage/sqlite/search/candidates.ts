/** Candidates for on-demand coverage: likely rows without a current vector, found in indexed steps that stop early. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { foldText } from '../../../catalog/fold-text.ts';
import type { SearchStore } from '../../../search/search-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import type { ReadQueryTerms } from './query-terms.ts';
import { embeddingJoins, isReady } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** Rows read between two turns of the event loop: 2 to 5 ms. */
const SLICE = 2_000;
/** Only this many of the most viewed rows are read: nearly all viewed rows were embedded by their view. */
const MOST_VIEWED = 2_000;

/** Ids in ascending order after `:after`. */
const everyRow = `SELECT id FROM restaurants WHERE id > :after ORDER BY id LIMIT ${SLICE}`;
const sameCuisine = `
  SELECT id FROM restaurants WHERE cuisine_folded IS :cuisine AND id > :after ORDER BY id LIMIT ${SLICE}`;
const matching = `
  SELECT rowid AS id FROM restaurants_fts
  WHERE restaurants_fts MATCH :words AND rowid > :after ORDER BY rowid LIMIT ${SLICE}`;
const mostViewed = `
  SELECT id FROM restaurants WHERE view_count > 0 ORDER BY view_count DESC LIMIT ${MOST_VIEWED}`;

interface Row {
  readonly id: number;
  readonly views: number;
  readonly cuisine: string | null;
}

type Values = Readonly<Record<string, string | number | bigint | null>>;

export function createCandidates(
  database: Database,
  readTerms: ReadQueryTerms,
  now: () => Date,
): SearchStore['listCandidates'] {
  const prepare = createStatementCache(database);
  const isMatch = database.prepare(
    'SELECT 1 FROM restaurants_fts WHERE restaurants_fts MATCH ? AND rowid = ?',
  );

  return async ({
    filters,
    hints: { terms: given, cuisineType },
    modelVersion,
    limit,
    isOver = () => false,
  }) => {
    const filter = filterSql(filters);
    const terms = given && readTerms(given);
    const cuisine = cuisineType ? foldText(cuisineType) : undefined;
    const common: Values = { ...filter.values, modelVersion: idOf(modelVersion), now: now().toISOString() };
    const found = new Set<number>();
    const add = (rows: readonly Row[]) => {
      const ordered = rows.toSorted((a, b) => b.views - a.views || a.id - b.id);
      for (const { id } of ordered) if (found.size < limit) found.add(id);
    };

    const open = (source: string, values: Values) =>
      prepare(
        `WITH slice AS MATERIALIZED (${source})
         SELECT r.id, r.view_count AS views, r.cuisine_folded AS cuisine
         FROM slice CROSS JOIN restaurants r ON r.id = slice.id ${embeddingJoins}
         WHERE NOT (e.restaurant_id IS NOT NULL AND ${isReady})
           AND (f.retry_at IS NULL OR f.retry_at <= :now) AND ${filter.sql}`,
      ).all({ ...common, ...values }) as Row[];

    /** Reads slices until there are enough rows or the time is over. */
    async function addFrom(source: string, values: Values): Promise<void> {
      const lastOf = prepare(`SELECT max(id) FROM (${source})`).pluck();
      for (let after = 0; found.size < limit;) {
        const last = lastOf.get({ ...values, after }) as number | null;
        if (last === null) return;
        add(open(source, { ...values, after }));
        after = last;
        await nextTurn();
        if (isOver()) return;
      }
    }

    const viewed = open(mostViewed, {});
    const telling = terms && (terms.rare.length > 0 ? terms.rare : terms.common).join(' OR ');
    add(
      viewed.filter(
        (row) =>
          (cuisine !== undefined && row.cuisine === cuisine) ||
          (telling && isMatch.get(telling, BigInt(row.id))),
      ),
    );
    if (terms) {
      for (const words of [terms.all, ...terms.rare, ...terms.common]) await addFrom(matching, { words });
    }
    if (cuisine !== undefined) await addFrom(sameCuisine, { cuisine });
    add(viewed);
    await addFrom(everyRow, {});
    return [...found];
  };
}
