/** Ranking by keywords with BM25, bounded where a word is in so many rows that it hardly tells them apart. */
import type { Database } from 'better-sqlite3';
import { foldText } from '../../../catalog/fold-text.ts';
import { allWords, queryWords, contentWords } from '../../../search/query-words.ts';
import type { KeywordHit, SearchStore } from '../../../search/search-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { COMMON_ROWS, type ReadQueryTerms } from './query-terms.ts';
import { joinEmbedding } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** BM25 weights of name, cuisine and description. */
const WEIGHTS = '8.0, 4.0, 1.0';

type KeywordRequest = Parameters<SearchStore['searchKeywords']>[0];

interface HitRow {
  readonly id: number;
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
}

export function createKeywordSearch(
  database: Database,
  readTerms: ReadQueryTerms,
): SearchStore['searchKeywords'] {
  const prepare = createStatementCache(database);

  /** Of the first {@link COMMON_ROWS} rows by id that match, the best; matching rows beyond them are not looked at. */
  function rank(match: string, { filters, limit, modelVersion }: KeywordRequest): HitRow[] {
    const filter = filterSql(filters);
    const ids = prepare(
      `SELECT r.id FROM restaurants_fts CROSS JOIN restaurants r ON r.id = restaurants_fts.rowid
       ${joinEmbedding}
       WHERE restaurants_fts MATCH :words AND ${filter.sql}
       ORDER BY restaurants_fts.rowid LIMIT ${COMMON_ROWS}`,
    )
      .pluck()
      .all({ ...filter.values, modelVersion: idOf(modelVersion), words: match }) as number[];
    if (ids.length === 0) return [];
    return prepare(
      `WITH best AS MATERIALIZED (
         SELECT rowid AS id, bm25(restaurants_fts, ${WEIGHTS}) AS score FROM restaurants_fts
         WHERE restaurants_fts MATCH :words AND rowid BETWEEN :first AND :last
           AND +rowid IN (SELECT value FROM json_each(:ids))
         ORDER BY score, id LIMIT :limit)
       SELECT r.id, r.name, r.cuisine_type, r.description
       FROM best CROSS JOIN restaurants r ON r.id = best.id ORDER BY best.score, best.id`,
    ).all({
      words: match,
      // FTS5 takes no number but a BigInt for a rowid.
      first: BigInt(ids[0] ?? 0),
      last: BigInt(ids.at(-1) ?? 0),
      ids: JSON.stringify(ids),
      limit,
    }) as HitRow[];
  }

  return async (request) => {
    const { query, limit } = request;
    const terms = readTerms(query);
    if (!terms) return [];
    // All words first; when they do not fill the page, rows with some of them follow, common words last.
    const rows = new Map<number, HitRow>();
    for (const match of [terms.all, terms.rare.join(' OR '), terms.common.join(' OR ')]) {
      if (match === '' || rows.size >= limit) continue;
      for (const row of rank(match, request)) if (!rows.has(row.id)) rows.set(row.id, row);
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
