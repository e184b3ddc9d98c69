/** The SimilarityStore port on SQLite and FTS5. */
import type { Database } from 'better-sqlite3';
import { foldText } from '../catalog/folded-text.ts';
import type { SimilarityStore } from '../similarity/similarity-store.ts';
import type { CurrentGeneration } from './current-generation.ts';
import { filterSql } from './filter-sql.ts';
import { ftsQuery, queryWords } from './fts-query.ts';
import { embeddingJoins, isReady, joinEmbedding } from './restaurant-row.ts';
import { createStatementCache } from './statement-cache.ts';
import { untilWritten } from './until-written.ts';

/** BM25 weights of name, cuisine and description. */
const WEIGHTS = '8.0, 4.0, 1.0';

const ready = `e.restaurant_id IS NOT NULL AND ${isReady}`;

interface HitRow {
  readonly id: number;
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
}

export function createSimilarityStore(
  database: Database,
  current: CurrentGeneration,
  now: () => Date = () => new Date(),
): SimilarityStore {
  const prepare = createStatementCache(database);

  /** Counting everything takes 30 ms in 100,000 rows. */
  const countAll = untilWritten(database, current, () => count({}));

  function count(filters: Parameters<typeof filterSql>[0]) {
    const filter = filterSql(filters);
    return prepare(
      `SELECT count(*) AS eligible, count(CASE WHEN ${ready} THEN 1 END) AS embedded
       FROM restaurants r ${joinEmbedding} WHERE ${filter.sql}`,
    ).get({ ...filter.values, generation: current.id }) as { eligible: number; embedded: number };
  }

  function searchWords(
    query: string,
    join: 'AND' | 'OR',
    filters: Parameters<typeof filterSql>[0],
    limit: number,
  ): HitRow[] {
    const match = ftsQuery(query, join);
    if (match === undefined) return [];
    const filter = filterSql(filters);
    const bindsGeneration = filter.sql.includes(':generation') && { generation: current.id };
    return prepare(
      `SELECT r.id, r.name, r.cuisine_type, r.description
       FROM restaurants_fts JOIN restaurants r ON r.id = restaurants_fts.rowid
       ${joinEmbedding}
       WHERE restaurants_fts MATCH :words AND ${filter.sql}
       ORDER BY bm25(restaurants_fts, ${WEIGHTS}), r.id LIMIT :limit`,
    ).all({ ...filter.values, ...bindsGeneration, words: match, limit }) as HitRow[];
  }

  return {
    countMatches: async (filters) => (filterSql(filters).sql === '1' ? countAll() : count(filters)),

    async listPromising({ filters, promising, limit }) {
      const filter = filterSql(filters);
      const match = promising.query === undefined ? undefined : ftsQuery(promising.query, 'OR');
      const conditions: string[] = [];
      const values: Record<string, string> = {};
      if (promising.cuisineType) {
        conditions.push('r.cuisine_folded = :cuisine');
        values['cuisine'] = foldText(promising.cuisineType);
      }
      if (match !== undefined) {
        conditions.push('r.id IN (SELECT rowid FROM restaurants_fts WHERE restaurants_fts MATCH :words)');
        values['words'] = match;
      }
      const first = conditions.length > 0 ? `(${conditions.join(' OR ')}) DESC,` : '';
      return prepare(
        `SELECT r.id FROM restaurants r ${embeddingJoins}
         WHERE NOT (${ready}) AND (f.retry_at IS NULL OR f.retry_at <= :now) AND ${filter.sql}
         ORDER BY ${first} r.view_count DESC, r.id LIMIT :limit`,
      )
        .pluck()
        .all({
          ...filter.values,
          ...values,
          generation: current.id,
          now: now().toISOString(),
          limit,
        }) as number[];
    },

    async searchKeywords({ query, filters, limit }) {
      // All words first; when they do not fill the page, rows with some of them follow.
      const all = searchWords(query, 'AND', filters, limit);
      const some = all.length < limit ? searchWords(query, 'OR', filters, limit) : [];
      const rows = new Map([...all, ...some].map((row) => [row.id, row]));
      const words = queryWords(query);
      return [...rows.values()]
        .slice(0, limit)
        .map((row) => ({ id: row.id, matchedWords: matchedWords(words, row) }));
    },

    async listTopRated({ filters, limit, excludedIds }) {
      const filter = filterSql(filters);
      const bindsGeneration = filter.sql.includes(':generation') && { generation: current.id };
      return prepare(
        `SELECT r.id FROM restaurants r ${joinEmbedding}
         WHERE ${filter.sql} AND r.id NOT IN (SELECT value FROM json_each(:excluded))
         ORDER BY r.rating DESC NULLS LAST, r.id LIMIT :limit`,
      )
        .pluck()
        .all({
          ...filter.values,
          ...bindsGeneration,
          excluded: JSON.stringify(excludedIds),
          limit,
        }) as number[];
    },
  };
}

/** The words of the query that the row has, the last one also as the beginning of a word. */
function matchedWords(words: readonly string[], { name, cuisine_type, description }: HitRow): string[] {
  const own = queryWords(foldText([name, cuisine_type, description].filter(Boolean).join(' ')), Infinity);
  const set = new Set(own);
  return words.filter((word, index) => {
    const folded = foldText(word);
    return (
      set.has(folded) || (index === words.length - 1 && own.some((candidate) => candidate.startsWith(folded)))
    );
  });
}
