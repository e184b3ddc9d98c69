/** How many of the rows that match have each value of a field. */
import type { FacetCount, FacetField, FacetRequest, Facets } from '../../../catalog/restaurant-store.ts';
import type { ScanFiltered } from './scan-filtered.ts';

/** The key by which values count as equal, and the value that is shown. */
const columns: Readonly<Record<FacetField, readonly [key: string, shown: string]>> = {
  cuisineType: ['r.cuisine_folded', 'min(r.cuisine_type)'],
  priceLevel: ['r.price_level', 'r.price_level'],
  location: ['r.location_folded', 'min(r.location)'],
};

interface KeyedCount extends FacetCount {
  readonly key: string | number;
}

export function createFacetCounts(scanFiltered: ScanFiltered) {
  async function countValues(field: FacetField, request: FacetRequest): Promise<FacetCount[]> {
    const { filters, query, modelVersion, signal, limit } = request;
    const [key, shown] = columns[field];
    const counted = new Map<string | number, KeyedCount>();
    const slices = scanFiltered<KeyedCount>({
      filters,
      query,
      modelVersion,
      signal,
      columns: `${key} AS key, ${shown} AS value, count(*) AS count`,
      tail: `AND ${key} IS NOT NULL GROUP BY ${key}`,
    });
    for await (const rows of slices) {
      for (const row of rows) {
        const before = counted.get(row.key) ?? { ...row, count: 0 };
        const value = row.value < before.value ? row.value : before.value;
        counted.set(row.key, { key: row.key, value, count: before.count + row.count });
      }
    }
    return [...counted.values()]
      .sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1))
      .slice(0, limit)
      .map(({ value, count }) => ({ value, count }));
  }

  return async (request: FacetRequest): Promise<Facets> => {
    const facets: Partial<Record<FacetField, FacetCount[]>> = {};
    for (const field of request.fields) facets[field] = await countValues(field, request);
    return facets;
  };
}
