/** The rows that a rare filter allows: listing them alone is cheaper than looking for them among the most similar. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { createDataVersionCache } from '../connection/data-version-cache.ts';
import type { CurrentVectors } from './current-vectors.ts';

export interface AllowedRows {
  /** The allowed rows if this filter was found to be rare before; otherwise undefined. */
  ifRare(version: StoredModelVersion, filters: RestaurantFilters): readonly number[] | undefined;
  /** The allowed rows; remembers the filter as a rare one. */
  list(version: StoredModelVersion, filters: RestaurantFilters): readonly number[];
}

/** Few filters make most of the traffic; each list may hold thousands of ids. */
const MAX_FILTERS = 16;

const keyOf = ({ id }: StoredModelVersion, filters: RestaurantFilters) => `${id} ${JSON.stringify(filters)}`;

export function createAllowedRows(vectors: CurrentVectors): AllowedRows {
  // Lists are valid until anything is written; that a filter is rare is only a guess and stays.
  const lists = createDataVersionCache<readonly number[]>(vectors.dataVersion, { max: MAX_FILTERS });
  const list: AllowedRows['list'] = (version, filters) =>
    lists.read(keyOf(version, filters), () => vectors.allAllowed(version, filters));
  return {
    ifRare: (version, filters) => (lists.has(keyOf(version, filters)) ? list(version, filters) : undefined),
    list,
  };
}
