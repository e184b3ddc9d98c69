/** The port through which the catalogue is stored. Every method can reject with a `StorageError`. */
import type { StoredModelVersion } from './model-version.ts';
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
  readonly modelVersion: StoredModelVersion | undefined;
  /** Ends a long scan early: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RestaurantPage {
  readonly items: readonly Restaurant[];
  /** How many rows match, whatever the page. */
  readonly total: number;
  /** Undefined on the last page. */
  readonly next: PagePosition | undefined;
}

export const facetFields = ['cuisineType', 'priceLevel', 'location'] as const;
export type FacetField = (typeof facetFields)[number];

export interface FacetRequest extends Pick<ListRequest, 'filters' | 'query' | 'modelVersion' | 'signal'> {
  readonly fields: readonly FacetField[];
  /** Values of each field. */
  readonly limit: number;
}

export interface FacetCount {
  readonly value: string | number;
  readonly count: number;
}

export type Facets = Readonly<Partial<Record<FacetField, readonly FacetCount[]>>>;

export interface Suggestion {
  readonly kind: 'name' | 'cuisineType' | 'location';
  /** As one of the rows has it. */
  readonly text: string;
}

/** Every `Restaurant` returned carries its stored embedding status under this model version (never `pending`). */
export interface WriteOptions {
  readonly modelVersion: StoredModelVersion | undefined;
  readonly condition?: WriteCondition | undefined;
}

/**
 * Writes reject with a `CatalogError`: `not-found`, `version-mismatch` (the condition does not hold),
 * `external-id-taken`. A write that changes no field leaves `version` and `updatedAt` as they are.
 */
export interface RestaurantStore {
  /** The restaurant with its stored embedding status (never `pending`), read in one query. */
  find(id: number, modelVersion: StoredModelVersion | undefined): Promise<Restaurant | undefined>;
  /** In any order; ids without a row are left out. */
  findMany(ids: readonly number[], modelVersion: StoredModelVersion | undefined): Promise<Restaurant[]>;
  /** In any order; externalIds without a row are left out. */
  findByExternalIds(
    externalIds: readonly string[],
    modelVersion: StoredModelVersion | undefined,
  ): Promise<Restaurant[]>;
  list(request: ListRequest): Promise<RestaurantPage>;
  /** How many of the rows that match have each value; the most frequent values first, rows without one not counted. */
  countFacets(request: FacetRequest): Promise<Facets>;
  /**
   * Distinct cuisines, names and locations that begin with the prefix, without regard to case and accents; at most
   * `limit` of each kind, in alphabetical order.
   */
  suggest(prefix: string, limit: number): Promise<Suggestion[]>;
  create(fields: RestaurantFields, options: Pick<WriteOptions, 'modelVersion'>): Promise<Restaurant>;
  /**
   * Creates once: within a day the same key returns the first answer, with `replayed`. Rejects with
   * `idempotency-key-reused` when the fields differ.
   */
  createOnce(
    fields: RestaurantFields,
    idempotencyKey: string,
    options: Pick<WriteOptions, 'modelVersion'>,
  ): Promise<{ restaurant: Restaurant; replayed: boolean }>;
  /** Replaces every field; creates the row under this id when there is none. */
  put(
    id: number,
    fields: RestaurantFields,
    options: WriteOptions,
  ): Promise<{ restaurant: Restaurant; created: boolean }>;
  /** Reads, applies `change` and writes in one transaction; what `change` throws passes through. */
  update(
    id: number,
    change: (current: Restaurant) => RestaurantFields,
    options: WriteOptions,
  ): Promise<Restaurant>;
  /** Deletes the row and its vectors. */
  delete(id: number, condition?: WriteCondition): Promise<void>;
  count(): Promise<number>;
  /** The cuisines of the catalogue, the most frequent first. */
  cuisines(limit: number): Promise<string[]>;
  /** Adds to the view counts, by id. */
  addViews(views: ReadonlyMap<number, number>): Promise<void>;
}
