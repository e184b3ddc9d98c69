/** Candidates for on-demand coverage: likely rows without a current vector, found in indexed steps that stop early. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { SearchStore } from '../../../search/search-store.ts';
import type { SqlValues } from '../connection/bind-values.ts';
import type { Queries } from '../connection/database.ts';
import { filterSql } from '../restaurants/filter-sql.ts';
import { isReady, joinEmbedding, joinFailure } from '../restaurants/restaurant-row.ts';
import { readQueryTerms } from './query-terms.ts';

/** Only this many of the most viewed rows are read: nearly all viewed rows were embedded by their view. */
const MOST_VIEWED = 2_000;

export function createCandidates(queries: Queries, now: () => Date): SearchStore['listCandidates'] {
  return async ({
    filters,
    hints: { terms: given, cuisineType },
    limit,
    modelVersion,
    isOver = () => false,
  }) => {
    const filter = filterSql(filters);
    const terms = given && (await readQueryTerms(queries, given));
    const likelyWords = terms ? (terms.rare.length > 0 ? terms.rare : terms.common).join(' | ') : '';
    const values: SqlValues = {
      ...filter.values,
      modelVersion: modelVersion?.id ?? 0,
      now: now().toISOString(),
      cuisine: cuisineType ? foldText(cuisineType) : '',
      likelyWords,
    };
    const isOpen = `(${isReady}) IS NOT TRUE AND (f.retry_at IS NULL OR f.retry_at <= :now) AND ${filter.sql}`;
    const found = new Set<number>();
    const add = (rows: readonly { readonly id: number }[]) => {
      for (const { id } of rows) if (found.size < limit) found.add(id);
    };

    /** Rows of one step by id, until there is enough. */
    async function addWhere(condition: string, own: SqlValues): Promise<void> {
      if (found.size >= limit || isOver()) return;
      add(
        await queries.rows(
          `SELECT r.id FROM restaurants r ${joinEmbedding} ${joinFailure}
           WHERE ${condition} AND ${isOpen} AND r.id <> ALL(:found::bigint[])
           ORDER BY r.id LIMIT :limit`,
          { ...values, ...own, found: [...found], limit: limit - found.size },
        ),
      );
    }

    const viewed = await queries.rows<{ readonly id: number; readonly is_likely: boolean }>(
      `SELECT r.id, (:cuisine::text <> '' AND coalesce(r.cuisine_folded, '') = :cuisine)
           OR (:likelyWords::text <> '' AND r.words @@ :likelyWords::tsquery) AS is_likely
       FROM (SELECT restaurant_id, views FROM restaurant_views ORDER BY views DESC LIMIT ${MOST_VIEWED}) v
       JOIN restaurants r ON r.id = v.restaurant_id ${joinEmbedding} ${joinFailure}
       WHERE ${isOpen} ORDER BY v.views DESC, r.id`,
      values,
    );
    add(viewed.filter((row) => row.is_likely));
    for (const words of terms ? [terms.all, ...terms.rare, ...terms.common] : []) {
      await addWhere('r.words @@ :words::tsquery', { words });
    }
    if (cuisineType) await addWhere('r.cuisine_folded = :cuisine', {});
    add(viewed);
    await addWhere('true', {});
    return [...found];
  };
}
