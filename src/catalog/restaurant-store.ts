/** The port through which the catalogue is stored. */
import type { Restaurant, RestaurantFields } from './restaurant.ts';
import type { RestaurantFilters } from './restaurant-filters.ts';
import type { WriteCondition } from './write-condition.ts';

export const restaurantSorts = [
  'id',
  '-id',
  'name',
  '-name',
  'rating',
  '-rating',
  'createdAt',
  '-createdAt',
  'distance',
] as const;
export type RestaurantSort = (typeof restaurantSorts)[number];

/** Where a page ended: the sort key of its last row, and its id to break ties. */
export interface PagePosition {
  readonly key: string | number | null;
  readonly id: number;
}

export interface ListRequest {
  readonly filters: RestaurantFilters;
  /** Words that must all occur (the last one as a prefix), compared without case and accents. */
  readonly query?: string | undefined;
  readonly sort: RestaurantSort;
  readonly limit: number;
  readonly after?: PagePosition | undefined;
}

export interface RestaurantPage {
  readonly items: readonly Restaurant[];
  /** How many rows match, whatever the page. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly next: PagePosition | undefined;
}

/**
 * Writes throw {@link CatalogError}: `not-found`, `version-mismatch` (the condition does not hold), `external-id-taken`.
 * A write that changes no field leaves `version` and `updatedAt` as they are.
 */
export interface RestaurantStore {
  /** The restaurant with its stored embedding status (never `pending`), read in one query. */
  find(id: number): Promise<Restaurant | undefined>;
  findMany(ids: readonly number[]): Promise<Restaurant[]>;
  list(request: ListRequest): Promise<RestaurantPage>;
  create(fields: RestaurantFields): Promise<Restaurant>;
  /**
   * Creates once: within a day the same key gives the same answer, with `replayed`. Throws
   * `idempotency-key-reused` when the fields are others.
   */
  createOnce(
    fields: RestaurantFields,
    idempotencyKey: string,
  ): Promise<{ restaurant: Restaurant; replayed: boolean }>;
  /** Replaces every field; creates the row under this id when there is none. */
  put(
    id: number,
    fields: RestaurantFields,
    condition?: WriteCondition,
  ): Promise<{ restaurant: Restaurant; created: boolean }>;
  /** Reads, applies `change` and writes in one transaction; what `change` throws passes through. */
  update(
    id: number,
    change: (current: Restaurant) => RestaurantFields,
    condition?: WriteCondition,
  ): Promise<Restaurant>;
  /** Deletes the row and its vector. */
  delete(id: number, condition?: WriteCondition): Promise<void>;
  count(): Promise<number>;
  /** The cuisines of the catalogue, the most frequent first. */
  cuisines(limit: number): Promise<string[]>;
  /** Adds to the view counts, by id. */
  addViews(views: ReadonlyMap<number, number>): Promise<void>;
}
