/** Rows with the words of a query; of very common words only a bounded number of rows is read. */
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import type { SearchStore } from '../../../search/search-store.ts';
import type { Queries } from '../connection/database.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { joinEmbedding } from '../restaurants/restaurant-row.ts';
import { COMMON_ROWS, readQueryTerms, type TsqueryTerms } from './query-terms.ts';

/** BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009) over occurrences weighted by field: 2.5, 2 and 1. */
const bm25 = `
  sum(t.weight * o.weighted * 2.2 / (o.weighted + 1.2 * (0.25 + 0.75 * length(c.words) / :averageWords::float8)))`;

/** Of the first {@link COMMON_ROWS} rows by id that match, the best; further matching rows are not read. */
async function rank(
  queries: Queries,
  { words, averageWords }: TsqueryTerms,
  match: string,
  request: { readonly filters: RestaurantFilters; readonly limit: number; readonly modelVersion: number },
): Promise<number[]> {
  const { filters, limit, modelVersion } = request;
  const filter = filterSql(filters);
  const rows = await queries.rows<{ id: number }>(
    `WITH candidates AS MATERIALIZED (
       SELECT r.id, r.words FROM restaurants r ${filters.embedded === undefined ? '' : joinEmbedding}
       WHERE r.words @@ :words::tsquery AND ${filter.sql} ORDER BY r.id LIMIT ${COMMON_ROWS}),
     best AS MATERIALIZED (
       SELECT c.id, ${bm25} AS score
       FROM candidates c
       CROSS JOIN LATERAL unnest(c.words) AS w (lexeme, positions, weights)
       JOIN unnest(:terms::text[], :weights::float8[]) AS t (word, weight) ON w.lexeme = t.word
       CROSS JOIN LATERAL (
         SELECT sum(CASE weight WHEN 'A' THEN 2.5 WHEN 'B' THEN 2 ELSE 1 END)::float8 AS weighted
         FROM unnest(w.weights) AS weight) o
       GROUP BY c.id ORDER BY score DESC, c.id LIMIT :limit)
     SELECT id FROM best ORDER BY score DESC, id`,
    {
      ...filter.values,
      words: match,
      terms: words.map(({ word }) => word),
      weights: words.map(({ weight }) => weight),
      averageWords,
      modelVersion,
      limit,
    },
  );
  return rows.map(({ id }) => id);
}

export function createKeywordSearch(queries: Queries): SearchStore['searchKeywords'] {
  return async ({ terms: given, filters, limit, modelVersion }) => {
    const terms = await readQueryTerms(queries, given);
    if (!terms) return [];
    // Rows with all terms first; when they are not enough, rows with some of them follow, common terms last.
    const found = new Set<number>();
    for (const match of [terms.all, terms.rare.join(' | '), terms.common.join(' | ')]) {
      if (match === '' || found.size >= limit) continue;
      const request = { filters, limit, modelVersion: modelVersion?.id ?? 0 };
      for (const id of await rank(queries, terms, match, request)) found.add(id);
    }
    return [...found].slice(0, limit);
  };
}
