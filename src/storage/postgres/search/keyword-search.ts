/** Ranking by keywords with BM25, bounded where a word is in so many rows that it says little. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { allWords, queryWords, contentWords } from '../../../search/query-words.ts';
import type { KeywordHit, SearchStore } from '../../../search/search-store.ts';
import type { Queries } from '../connection/database.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { joinEmbedding } from '../restaurants/restaurant-row.ts';
import { COMMON_ROWS, readQueryTerms, type QueryTerms } from './query-terms.ts';

interface HitRow {
  readonly id: number;
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
}

/** BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009) over occurrences weighted by field: 8, 4 and 1. */
const bm25 = `
  sum(t.idf * o.weighted * 2.2 / (o.weighted + 1.2 * (0.25 + 0.75 * length(c.words) / :averageWords::float8)))`;

/** Of the first {@link COMMON_ROWS} rows by id that match, the best; matching rows beyond them are not looked at. */
async function rank(
  queries: Queries,
  { terms, averageWords }: QueryTerms,
  match: string,
  request: { readonly filters: RestaurantFilters; readonly limit: number; readonly modelVersion: number },
): Promise<HitRow[]> {
  const { filters, limit, modelVersion } = request;
  const filter = filterSql(filters);
  return queries.rows<HitRow>(
    `WITH candidates AS MATERIALIZED (
       SELECT r.id, r.words FROM restaurants r ${filters.embedded === undefined ? '' : joinEmbedding}
       WHERE r.words @@ :words::tsquery AND ${filter.sql} ORDER BY r.id LIMIT ${COMMON_ROWS}),
     best AS MATERIALIZED (
       SELECT c.id, ${bm25} AS score
       FROM candidates c
       CROSS JOIN LATERAL unnest(c.words) AS w (lexeme, positions, weights)
       JOIN unnest(:terms::text[], :idfs::float8[], :prefixes::boolean[]) AS t (word, idf, is_prefix)
         ON w.lexeme = t.word OR (t.is_prefix AND starts_with(w.lexeme, t.word))
       CROSS JOIN LATERAL (
         SELECT sum(CASE weight WHEN 'A' THEN 8 WHEN 'B' THEN 4 ELSE 1 END)::float8 AS weighted
         FROM unnest(w.weights) AS weight) o
       GROUP BY c.id ORDER BY score DESC, c.id LIMIT :limit)
     SELECT r.id, r.name, r.cuisine_type, r.description
     FROM best JOIN restaurants r ON r.id = best.id ORDER BY best.score DESC, best.id`,
    {
      ...filter.values,
      words: match,
      terms: terms.map(({ word }) => word),
      idfs: terms.map(({ idf }) => idf),
      prefixes: terms.map(({ isPrefix }) => String(isPrefix)),
      averageWords,
      modelVersion,
      limit,
    },
  );
}

export function createKeywordSearch(queries: Queries): SearchStore['searchKeywords'] {
  return async ({ query, filters, limit, modelVersion }) => {
    const terms = await readQueryTerms(queries, query);
    if (!terms) return [];
    // All words first; when they do not fill the page, rows with some of them follow, common words last.
    const rows = new Map<number, HitRow>();
    for (const match of [terms.all, terms.rare.join(' | '), terms.common.join(' | ')]) {
      if (match === '' || rows.size >= limit) continue;
      const found = await rank(queries, terms, match, {
        filters,
        limit,
        modelVersion: modelVersion?.id ?? 0,
      });
      for (const row of found) if (!rows.has(row.id)) rows.set(row.id, row);
    }
    const words = contentWords(queryWords(query));
    return [...rows.values()].slice(0, limit).map((row) => toHit(words, row));
  };
}

/** The words of the query that the row has, the last one also as the beginning of a word. */
function toHit(words: readonly string[], { id, name, cuisine_type, description }: HitRow): KeywordHit {
  const own = allWords(foldText([name, cuisine_type, description].filter(Boolean).join(' ')));
  const set = new Set(own);
  const matchedWords = words.filter((word, index) => {
    const folded = foldText(word);
    return (
      set.has(folded) || (index === words.length - 1 && own.some((candidate) => candidate.startsWith(folded)))
    );
  });
  return { id, matchedWords };
}
