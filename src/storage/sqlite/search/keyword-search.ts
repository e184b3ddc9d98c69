/** Rows with the words of a query; of very common words only a bounded number of rows is read. */
import type { Database } from 'better-sqlite3';
import type { SearchStore } from '../../../search/search-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { COMMON_ROWS, type ReadQueryTerms } from './query-terms.ts';
import { joinEmbedding } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** BM25 weights of name, cuisine, description and location: those of the ranking that follows. */
const WEIGHTS = '2.5, 2.0, 1.0, 1.0';

type KeywordRequest = Parameters<SearchStore['searchKeywords']>[0];

export function createKeywordSearch(
  database: Database,
  readTerms: ReadQueryTerms,
): SearchStore['searchKeywords'] {
  const prepare = createStatementCache(database);

  /** Of the first {@link COMMON_ROWS} rows by id that match, the best; further matching rows are not read. */
  function rank(match: string, { filters, limit, modelVersion }: KeywordRequest): number[] {
    const filter = filterSql(filters);
    const ids = prepare(
      `SELECT r.id FROM restaurants_fts CROSS JOIN restaurants r ON r.id = restaurants_fts.rowid
       ${joinEmbedding}
       WHERE restaurants_fts MATCH :words AND ${filter.sql}
       ORDER BY restaurants_fts.rowid LIMIT ${COMMON_ROWS}`,
    )
      .pluck()
      .all({ ...filter.values, modelVersion: idOf(modelVersion), words: match }) as number[];
    if (ids.length <= limit) return ids;
    return prepare(
      `SELECT rowid FROM restaurants_fts
       WHERE restaurants_fts MATCH :words AND rowid BETWEEN :first AND :last
         AND +rowid IN (SELECT value FROM json_each(:ids))
       ORDER BY bm25(restaurants_fts, ${WEIGHTS}), rowid LIMIT :limit`,
    )
      .pluck()
      .all({
        words: match,
        // FTS5 accepts only a BigInt as a bound rowid.
        first: BigInt(ids[0] ?? 0),
        last: BigInt(ids.at(-1) ?? 0),
        ids: JSON.stringify(ids),
        limit,
      }) as number[];
  }

  return async (request) => {
    const terms = readTerms(request.terms);
    if (!terms) return [];
    // Rows with all terms first; when they are not enough, rows with some of them follow, common terms last.
    const found = new Set<number>();
    for (const match of [terms.all, terms.rare.join(' OR '), terms.common.join(' OR ')]) {
      if (match === '' || found.size >= request.limit) continue;
      for (const id of rank(match, request)) found.add(id);
    }
    return [...found].slice(0, request.limit);
  };
}
