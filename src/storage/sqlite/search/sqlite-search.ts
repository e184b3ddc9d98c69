/** The SearchStore port on SQLite and FTS5. */
import type { Database } from 'better-sqlite3';
import type { SearchableRow, SearchStore } from '../../../search/search-store.ts';
import { idOf } from '../embeddings/model-versions.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { createFilteredScan } from '../restaurants/scan-filtered.ts';
import { createKeywordSearch } from './keyword-search.ts';
import { createCandidates } from './candidates.ts';
import { createQueryTerms } from './query-terms.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import type { CatalogueCounts } from '../embeddings/catalogue-counts.ts';

export function createSearchStore(
  database: Database,
  counts: CatalogueCounts,
  now: () => Date = () => new Date(),
): SearchStore {
  const prepare = createStatementCache(database);
  const scanFiltered = createFilteredScan(database);
  const readTerms = createQueryTerms(database);

  return {
    async countMatches(filters, modelVersion) {
      if (filterSql(filters).sql === '1') {
        const { total, ready } = counts.of(idOf(modelVersion));
        return { eligible: total, embedded: ready };
      }
      let [eligible, embedded] = [0, 0];
      const slices = scanFiltered<{ readonly eligible: number; readonly embedded: number }>({
        filters,
        modelVersion,
        columns: `count(*) AS eligible,
          count(CASE WHEN e.restaurant_id IS NOT NULL AND ${isReady} THEN 1 END) AS embedded`,
      });
      for await (const [slice] of slices) {
        eligible += slice?.eligible ?? 0;
        embedded += slice?.embedded ?? 0;
      }
      return { eligible, embedded };
    },

    listCandidates: createCandidates(database, readTerms, now),
    searchKeywords: createKeywordSearch(database, readTerms),

    async readRows(ids) {
      return prepare(
        `SELECT id, name, cuisine_type AS cuisineType, description, location, price_level AS priceLevel
         FROM restaurants WHERE id IN (SELECT value FROM json_each(?))`,
      ).all(JSON.stringify(ids)) as SearchableRow[];
    },

    async listTopRated({ filters, limit, excludedIds, modelVersion }) {
      const filter = filterSql(filters);
      return prepare(
        `SELECT r.id FROM restaurants r ${joinEmbedding}
         WHERE ${filter.sql} AND r.id NOT IN (SELECT value FROM json_each(:excluded))
         ORDER BY r.rating DESC NULLS LAST, r.id LIMIT :limit`,
      )
        .pluck()
        .all({
          ...filter.values,
          modelVersion: idOf(modelVersion),
          excluded: JSON.stringify(excludedIds),
          limit,
        }) as number[];
    },
  };
}
