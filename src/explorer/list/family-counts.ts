/** How many restaurants each cuisine family has under the other filters. */
import type { RestaurantFilters } from '../../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { StoredModelVersion } from '../../catalog/model-version.ts';
import { kindOf, type Family } from '../cuisine-families.ts';

export type FamilyCounts = ReadonlyMap<Family, number>;

/** Number of cuisines that are counted, the same from which a family selects. */
export const MAX_CUISINES = 100;
/** Counts are kept for so long, or so that counting takes 1 % of the time. */
const LEAST_KEPT_MS = 1_000;
const KEPT_FOR_TIMES = 100;

/** Caches only the latest counts: a page and the parts loaded after it need the same. */
export function createFamilyCounter(restaurants: Pick<RestaurantStore, 'countFacets'>) {
  let kept: { readonly key: string; readonly until: number; readonly counts: FamilyCounts } | undefined;
  return async (
    given: RestaurantFilters,
    modelVersion: StoredModelVersion | undefined,
    catalogueRows: number,
  ): Promise<FamilyCounts> => {
    // An empty list selects every cuisine.
    const filters = { ...given, cuisineTypes: [] };
    const key = JSON.stringify([filters, modelVersion?.id, catalogueRows]);
    const startedAt = performance.now();
    if (kept?.key === key && startedAt < kept.until) return kept.counts;
    const { cuisineType: cuisines = [] } = await restaurants.countFacets({
      fields: ['cuisineType'],
      filters,
      modelVersion,
      limit: MAX_CUISINES,
    });
    const counts = new Map<Family, number>();
    for (const { value, count } of cuisines) {
      const { family } = kindOf(String(value));
      counts.set(family, (counts.get(family) ?? 0) + count);
    }
    const now = performance.now();
    kept = { key, until: now + Math.max(LEAST_KEPT_MS, (now - startedAt) * KEPT_FOR_TIMES), counts };
    return counts;
  };
}
