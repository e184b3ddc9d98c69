/** The SearchStore port on PostgreSQL. */
import type { SearchableRow, SearchStore } from '../../../search/search-store.ts';
import type { CachedReads } from '../connection/cached-reads.ts';
import type { Queries } from '../connection/database.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import { createCandidates } from './candidates.ts';
import { createKeywordSearch } from './keyword-search.ts';
import { mergeWordChanges } from './word-counts.ts';

type Filters = Parameters<SearchStore['countMatches']>[0];

interface Matches {
  readonly eligible: number;
  readonly embedded: number;
}

const MERGE_EVERY_MS = 10_000;
/** To count this many rows takes 50 ms and more: while something is written, the coverage of searches may be this old. */
const LARGE_CATALOGUE = 20_000;
const LARGE_COUNT_AGE_MS = 5_000;

/** `queries` may be a replica; the counts of words are kept on `primary`. */
export function createSearchStore(
  queries: Queries,
  primary: Queries,
  cached: CachedReads,
  now: () => Date = () => new Date(),
): SearchStore {
  const searchKeywords = createKeywordSearch(queries);
  let nextMerge = 0;

  /** No search waits for it; after a failure a later search tries again. */
  function mergeSometimes(): void {
    if (performance.now() < nextMerge) return;
    nextMerge = performance.now() + MERGE_EVERY_MS;
    mergeWordChanges(primary).catch(() => {});
  }

  const countMatches = async (filters: Filters, modelVersion: number) => {
    const filter = filterSql(filters);
    const counted = await queries.row<Matches>(
      `SELECT count(*) AS eligible, count(*) FILTER (WHERE ${isReady}) AS embedded
       FROM restaurants r ${joinEmbedding} WHERE ${filter.sql}`,
      { ...filter.values, modelVersion },
    );
    return counted ?? { eligible: 0, embedded: 0 };
  };
  const countAll = cached(
    (modelVersion: number) => countMatches({}, modelVersion),
    ({ eligible }) => (eligible < LARGE_CATALOGUE ? 0 : LARGE_COUNT_AGE_MS),
  );

  /** Where every row has a vector, looking for them is left out: it takes most of the time. */
  async function countFiltered(filters: Filters, modelVersion: number): Promise<Matches> {
    const all = await countAll(modelVersion);
    if (all.embedded < all.eligible || filters.embedded !== undefined) {
      return countMatches(filters, modelVersion);
    }
    const filter = filterSql(filters);
    const counted = await queries.row<{ count: number }>(
      `SELECT count(*) AS count FROM restaurants r WHERE ${filter.sql}`,
      filter.values,
    );
    return { eligible: counted?.count ?? 0, embedded: counted?.count ?? 0 };
  }

  return {
    async countMatches(filters, modelVersion) {
      const id = modelVersion?.id ?? 0;
      return filterSql(filters).sql === 'true' ? countAll(id) : countFiltered(filters, id);
    },
    listCandidates: createCandidates(queries, now),
    searchKeywords(request) {
      mergeSometimes();
      return searchKeywords(request);
    },
    async readRows(ids) {
      return queries.rows<SearchableRow>(
        `SELECT id, name, cuisine_type AS "cuisineType", description, location, price_level AS "priceLevel"
         FROM restaurants WHERE id = ANY(:ids::bigint[])`,
        { ids },
      );
    },
    async listTopRated({ filters, limit, excludedIds, modelVersion }) {
      const filter = filterSql(filters);
      const rows = await queries.rows<{ id: number }>(
        `SELECT r.id FROM restaurants r ${joinEmbedding}
         WHERE ${filter.sql} AND r.id <> ALL(:excludedIds::bigint[])
         ORDER BY coalesce(r.rating, -1) DESC, r.id LIMIT :limit`,
        { ...filter.values, excludedIds, limit, modelVersion: modelVersion?.id ?? 0 },
      );
      return rows.map(({ id }) => id);
    },
  };
}
