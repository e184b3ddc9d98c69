/** A few restaurants of different families, to choose from at first. Embeds nothing. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { SearchStore } from '../../search/search-store.ts';
import { kindOf, type Family } from '../cuisine-families.ts';

const STARTERS = 8;
const MAX_CUISINES = 100;

export interface StarterDependencies {
  readonly restaurants: Pick<RestaurantStore, 'cuisines' | 'findMany'>;
  readonly store: Pick<SearchStore, 'listTopRated'>;
  readonly currentModel: CurrentModel;
}

/** The best rated of each cuisine family, the most frequent families first; then the best rated of all. */
export async function chooseStarters(dependencies: StarterDependencies): Promise<Restaurant[]> {
  const { restaurants, store, currentModel } = dependencies;
  const modelVersion = currentModel.version();
  const byFamily = new Map<Family, string[]>();
  for (const cuisine of await restaurants.cuisines(MAX_CUISINES)) {
    const { family } = kindOf(cuisine);
    byFamily.set(family, [...(byFamily.get(family) ?? []), cuisine]);
  }
  const ids: number[] = [];
  const addBest = async (cuisineTypes: readonly string[] | undefined, limit: number) => {
    const filters = cuisineTypes ? { cuisineTypes } : {};
    ids.push(...(await store.listTopRated({ filters, limit, excludedIds: ids, modelVersion })));
  };
  for (const cuisines of [...byFamily.values()].slice(0, STARTERS)) await addBest(cuisines, 1);
  if (ids.length < STARTERS) await addBest(undefined, STARTERS - ids.length);
  const found = new Map((await restaurants.findMany(ids, modelVersion)).map((row) => [row.id, row]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
