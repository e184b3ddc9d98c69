/** The port through which search reads the catalogue: matches, coverage, and candidates for embedding. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { SearchableText } from './keyword-relevance.ts';
import type { QueryTerm } from './query-analysis.ts';

export interface SearchableRow extends SearchableText {
  readonly id: number;
  readonly priceLevel: number | null;
}

/** What makes an unembedded row a likely part of an answer. */
export interface CandidateHints {
  readonly cuisineType?: string | null | undefined;
  readonly terms?: readonly QueryTerm[] | undefined;
}

type Version = StoredModelVersion | undefined;

/** Every method can reject with a `StorageError`. */
export interface SearchStore {
  /** How many rows match the filters, and how many of them have a vector of this version and their current text. */
  countMatches(
    filters: RestaurantFilters,
    modelVersion: Version,
  ): Promise<{ eligible: number; embedded: number }>;
  /**
   * Rows that match the filters and have no current vector and no failure waiting for its retry. Likely parts of the
   * answer first: same cuisine or a match with the query, then most viewed, then lowest id. Of matches without views,
   * those with all words or the rarest come first. Stops early once `isOver` returns true.
   */
  listCandidates(request: {
    readonly filters: RestaurantFilters;
    readonly hints: CandidateHints;
    readonly limit: number;
    readonly modelVersion: Version;
    readonly isOver?: () => boolean;
  }): Promise<number[]>;
  /**
   * Rows with a form or translation of at least one term, for an exact ranking by the caller: those with all terms
   * first, then by the rarer and then by the common ones. Where thousands match, only so many of them are looked at.
   */
  searchKeywords(request: {
    readonly terms: readonly QueryTerm[];
    readonly filters: RestaurantFilters;
    readonly limit: number;
    readonly modelVersion: Version;
  }): Promise<number[]>;
  /** What ranking compares of these rows, in any order; rows that do not exist are left out. */
  readRows(ids: readonly number[]): Promise<SearchableRow[]>;
  /** Best rated first, rows without a rating last, ties by id. */
  listTopRated(request: {
    readonly filters: RestaurantFilters;
    readonly limit: number;
    readonly excludedIds: readonly number[];
    readonly modelVersion: Version;
  }): Promise<number[]>;
}
