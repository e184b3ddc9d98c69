/** Rows that match a selective filter: listing them is cheaper than filtering the nearest candidates. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { createDataVersionCache } from '../connection/data-version-cache.ts';
import type { CurrentVectors } from './current-vectors.ts';

export interface AllowedRows {
  /** The matching rows if this filter is known to be selective; otherwise undefined. */
  ifRare(version: StoredModelVersion, filters: RestaurantFilters): readonly number[] | undefined;
  /** The matching rows; remembers that the filter is selective. */
  list(version: StoredModelVersion, filters: RestaurantFilters): readonly number[];
}

/** A few filters cause most of the traffic; each list may hold thousands of ids. */
const MAX_FILTERS = 16;

const keyOf = ({ id }: StoredModelVersion, filters: RestaurantFilters) => `${id} ${JSON.stringify(filters)}`;

export function createAllowedRows(vectors: CurrentVectors): AllowedRows {
  // Lists are valid until something is written. That a filter is selective is an estimate and stays.
  const lists = createDataVersionCache<readonly number[]>(vectors.dataVersion, { max: MAX_FILTERS });
  const list: AllowedRows['list'] = (version, filters) =>
    lists.read(keyOf(version, filters), () => vectors.allAllowed(version, filters));
  return {
    ifRare: (version, filters) => (lists.has(keyOf(version, filters)) ? list(version, filters) : undefined),
    list,
  };
}
