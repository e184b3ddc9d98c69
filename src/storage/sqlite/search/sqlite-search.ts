/** The SimilarityStore port on SQLite and FTS5. */
import type { Database } from 'better-sqlite3';
import type { SimilarityStore } from '../../../search/search-store.ts';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { createKeywordSearch } from './keyword-search.ts';
import { createCandidates } from './candidates.ts';
import { createQueryTerms } from './query-terms.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { createWholeCounts, type Counts } from '../embeddings/catalogue-counts.ts';

export function createSimilarityStore(
  database: Database,
  current: CurrentGeneration,
  now: () => Date = () => new Date(),
): SimilarityStore {
  const prepare = createStatementCache(database);
  const countWhole = createWholeCounts(database, current);
  const readTerms = createQueryTerms(database);

  return {
    async countMatches(filters) {
      const filter = filterSql(filters);
      if (filter.sql === '1') return countWhole();
      return prepare(
        `SELECT count(*) AS eligible,
           count(CASE WHEN e.restaurant_id IS NOT NULL AND ${isReady} THEN 1 END) AS embedded
         FROM restaurants r ${joinEmbedding} WHERE ${filter.sql}`,
      ).get({ ...filter.values, generation: current.id }) as Counts;
    },

    listCandidates: createCandidates(database, current, readTerms, now),
    searchKeywords: createKeywordSearch(database, current, readTerms),

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
