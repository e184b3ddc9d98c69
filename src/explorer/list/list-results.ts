/** What the list shows for a query: a search when there are words, else a page of the catalogue. */
import { distanceKm } from '../distance.ts';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantFilters } from '../../catalog/restaurant-filters.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { LazyEmbedding } from '../../embedding/embed-on-demand.ts';
import type { RoutePolicies } from '../../http/middleware/route-policies.ts';
import { presentRestaurant } from '../../http/routes/present-restaurant.ts';
import { withRestaurants } from '../../http/routes/ranked-answers.ts';
import type { MemoryControl } from '../../memory/memory-status.ts';
import type { Coverage } from '../../search/on-demand-coverage.ts';
import { placeFit } from '../../search/keyword-relevance.ts';
import { markRestaurant, wordsToMark, type MarkedRestaurant } from '../../search/mark-words.ts';
import type { QueryPlace } from '../../search/query-analysis.ts';
import { search, type SearchDependencies } from '../../search/search.ts';
import { MAX_SEARCH_OFFSET, PAGE_ROWS, type ListQuery } from './list-query.ts';

export interface ListItem {
  readonly restaurant: Restaurant;
  /** Name and a part of the description, with the matched words marked. */
  readonly marked?: MarkedRestaurant;
  readonly distanceKm?: number | undefined;
}

export interface ListResults {
  readonly items: readonly ListItem[];
  /** How many restaurants match in all; a search has no total. */
  readonly total?: number;
  readonly coverage?: Coverage;
  /** Why only keywords were searched: a reason of the API, or `typing`. */
  readonly wordsOnly?: string | undefined;
  /** No word of the query occurs in what was found. */
  readonly isMeaningOnly?: boolean;
  /** The query as it was searched for, when words of it were corrected. */
  readonly corrected?: string | undefined;
  /** The location that the query names, when restaurants there were found. */
  readonly place?: string | undefined;
  /** A city in the query in which the catalogue has no restaurant. */
  readonly absentPlace?: string | undefined;
  /** Parameters of the next page. */
  readonly next?: Readonly<Record<string, string>> | undefined;
}

export interface ListResultsDependencies extends SearchDependencies {
  readonly restaurants: RestaurantStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  readonly memory: Pick<MemoryControl, 'isRefusing'>;
  /** Never rejected: without admission of vector work it searches by words only. */
  readonly policies: Pick<RoutePolicies, 'vectors'>;
}

export function createListResults(dependencies: ListResultsDependencies) {
  const { restaurants, embedding, currentModel, memory, policies } = dependencies;

  async function searched(query: string, given: ListQuery, filters: RestaurantFilters): Promise<ListResults> {
    const leave = given.isTyping ? undefined : policies.vectors.enter();
    const isByMeaning = leave !== undefined;
    const answer = await search(dependencies, {
      query,
      mode: isByMeaning ? 'hybrid' : 'keyword',
      filters,
      limit: PAGE_ROWS,
      offset: given.offset,
    }).finally(leave);
    const { terms, place, corrected } = answer.analysis;
    const words = wordsToMark(terms);
    const items = await withRestaurants(dependencies, answer.hits, (restaurant) => ({
      restaurant,
      marked: markRestaurant(restaurant, words),
      distanceKm: distanceTo(filters, restaurant),
    }));
    const rejected = memory.isRefusing() ? 'memory' : 'overload';
    const nextOffset = given.offset + PAGE_ROWS;
    const hasNext = answer.hits.length === PAGE_ROWS && nextOffset <= MAX_SEARCH_OFFSET;
    return {
      items,
      coverage: answer.coverage,
      wordsOnly: given.isTyping ? 'typing' : isByMeaning ? answer.reason : rejected,
      isMeaningOnly: terms.length > 0 && answer.hits.every(({ matchedWords }) => matchedWords.length === 0),
      corrected: correctQuery(query, corrected),
      place: place && items.some(({ restaurant }) => isIn(place, restaurant)) ? place.label : undefined,
      absentPlace: place?.isAbsent ? place.label : undefined,
      next: hasNext ? { offset: String(nextOffset) } : undefined,
    };
  }

  async function listed(given: ListQuery, filters: RestaurantFilters): Promise<ListResults> {
    const { near } = filters;
    const after = given.after === undefined || near ? undefined : { key: given.after, id: given.after };
    const page = await restaurants.list({
      filters,
      sort: near ? 'distance' : 'id',
      limit: near ? given.offset + PAGE_ROWS : PAGE_ROWS,
      after,
      modelVersion: currentModel.version(),
    });
    const items = near ? page.items.slice(given.offset) : page.items;
    const next = near ? { offset: String(given.offset + PAGE_ROWS) } : { after: String(page.next?.id) };
    return {
      items: items.map((restaurant) => ({
        restaurant: presentRestaurant(restaurant, embedding),
        distanceKm: distanceTo(filters, restaurant),
      })),
      total: page.total,
      next: page.next && (!near || given.offset < MAX_SEARCH_OFFSET) ? next : undefined,
    };
  }

  return (query: ListQuery, filters: RestaurantFilters): Promise<ListResults> =>
    query.q === undefined ? listed(query, filters) : searched(query.q, query, filters);
}

const isIn = ({ parts }: QueryPlace, { location }: Restaurant): boolean => placeFit(parts, location) > 0;

/** The query with corrected words; undefined when none was corrected. */
function correctQuery(query: string, corrected: Readonly<Record<string, string>>): string | undefined {
  const changed = query.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => corrected[word] ?? word);
  if (changed !== query) return changed;
  const words = Object.values(corrected);
  return words.length > 0 ? words.join(' ') : undefined;
}

function distanceTo({ near }: RestaurantFilters, { latitude, longitude }: Restaurant): number | undefined {
  if (!near || latitude === null || longitude === null) return undefined;
  return distanceKm(near.latitude, near.longitude, latitude, longitude);
}
