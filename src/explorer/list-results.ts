/** What the list shows for a query: a search when there are words, else a page of the catalogue. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { MemoryControl } from '../memory/memory-status.ts';
import type { Admission } from '../http/middleware/vector-admission.ts';
import { withRestaurants } from '../http/routes/ranked-answers.ts';
import { presentRestaurant } from '../http/routes/present-restaurant.ts';
import { search, type SearchDependencies } from '../search/search.ts';
import type { ListQuery } from './list-filters.tsx';
import type { ListResults } from './list-page.tsx';

const PAGE = 24;
const MAX_LOCATION = 200;

export interface ListResultsDependencies extends SearchDependencies {
  readonly restaurants: RestaurantStore;
  readonly embedding: LazyEmbedding;
  readonly memory: Pick<MemoryControl, 'isRefusing'>;
  /** The page is never refused: without a place it is searched by words. */
  readonly admission: Pick<Admission, 'enter'>;
}

export type PagedQuery = ListQuery & { readonly after?: string | undefined };

/** What a person typed into a form or an address: anything that makes no sense is left out. */
export function readListQuery(given: Readonly<Record<string, string | undefined>>): PagedQuery {
  const { q, cuisineType, minRating, priceLevel, location, embedded, after } = given;
  return {
    q: q?.trim() || undefined,
    cuisineType: cuisineType || undefined,
    minRating: /^[0-5](\.\d)?$/.test(minRating ?? '') ? minRating : undefined,
    priceLevel: /^[1-4]$/.test(priceLevel ?? '') ? priceLevel : undefined,
    location: location?.trim().slice(0, MAX_LOCATION) || undefined,
    embedded: embedded === 'true' || embedded === 'false' ? embedded : undefined,
    after: /^[1-9]\d{0,14}$/.test(after ?? '') ? after : undefined,
  };
}

function toFilters({
  cuisineType,
  minRating,
  priceLevel,
  location,
  embedded,
}: PagedQuery): RestaurantFilters {
  return {
    ...(cuisineType !== undefined && { cuisineTypes: [cuisineType] }),
    ...(minRating !== undefined && { minRating: Number(minRating) }),
    ...(priceLevel !== undefined && { priceLevels: [Number(priceLevel)] }),
    ...(location !== undefined && { location }),
    ...(embedded !== undefined && { embedded: embedded === 'true' }),
  };
}

export function createListResults(dependencies: ListResultsDependencies) {
  const { restaurants, embedding, currentModel, memory, admission } = dependencies;

  async function searched(query: string, filters: RestaurantFilters): Promise<ListResults> {
    const leave = admission.enter();
    const mode = leave ? 'hybrid' : 'keyword';
    const { hits, coverage, reason } = await search(dependencies, {
      query,
      mode,
      filters,
      limit: PAGE,
    }).finally(leave);
    const items = await withRestaurants(dependencies, hits, (restaurant, { matchedWords }) => ({
      restaurant,
      matchedWords,
    }));
    const refused = memory.isRefusing() ? 'memory' : 'overload';
    return { items, coverage, degraded: mode === 'keyword' ? refused : reason };
  }

  async function listed(query: PagedQuery, filters: RestaurantFilters): Promise<ListResults> {
    const after =
      query.after === undefined ? undefined : { key: Number(query.after), id: Number(query.after) };
    const { items, total, next } = await restaurants.list({
      filters,
      sort: 'id',
      limit: PAGE,
      after,
      modelVersion: currentModel.version(),
    });
    return {
      items: items.map((restaurant) => ({
        restaurant: presentRestaurant(restaurant, embedding),
        matchedWords: [],
      })),
      total,
      nextHref: next && `/?${toParameters({ ...query, after: String(next.id) })}`,
    };
  }

  return (query: PagedQuery): Promise<ListResults> => {
    const filters = toFilters(query);
    return query.q === undefined ? listed(query, filters) : searched(query.q, filters);
  };
}

function toParameters(query: PagedQuery): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return new URLSearchParams(given).toString();
}
