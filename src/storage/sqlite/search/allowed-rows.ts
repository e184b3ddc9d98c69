/** The rows that a rare filter allows: listing them alone is cheaper than looking for them among the most similar. */
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { CurrentVectors } from './current-vectors.ts';

export interface AllowedRows {
  /** The allowed rows where this filter was found to be rare before; otherwise undefined. */
  ifRare(version: StoredModelVersion, filters: RestaurantFilters): readonly number[] | undefined;
  /** The allowed rows, and remembers the filter as a rare one. */
  list(version: StoredModelVersion, filters: RestaurantFilters): readonly number[];
}

/** Few filters make most of the traffic; each list may hold thousands of ids. */
const MAX_FILTERS = 16;

const keyOf = ({ id }: StoredModelVersion, filters: RestaurantFilters) => `${id} ${JSON.stringify(filters)}`;

interface Known {
  readonly state: string;
  readonly ids: readonly number[];
}

export function createAllowedRows(vectors: CurrentVectors): AllowedRows {
  const rare = new Map<string, Known>();

  /** Lists are valid until anything is written; that a filter is rare is only a guess and stays. */
  function refreshed(version: StoredModelVersion, filters: RestaurantFilters): readonly number[] {
    const key = keyOf(version, filters);
    const state = vectors.state();
    const known = rare.get(key);
    rare.delete(key);
    const ids = known?.state === state ? known.ids : vectors.allAllowed(version, filters);
    rare.set(key, { state, ids });
    const [oldest] = rare.keys();
    if (rare.size > MAX_FILTERS && oldest !== undefined) rare.delete(oldest);
    return ids;
  }

  return {
    ifRare: (version, filters) =>
      rare.has(keyOf(version, filters)) ? refreshed(version, filters) : undefined,
    list: refreshed,
  };
}
