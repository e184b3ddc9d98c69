/** The port through which search reads the catalogue: matches, coverage, and candidates for embedding. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';

export interface KeywordHit {
  readonly id: number;
  /** The telling words of the query that occur in the restaurant, as typed. */
  readonly matchedWords: readonly string[];
}

/** What makes an unembedded row a likely part of an answer. */
export interface CandidateHints {
  readonly cuisineType?: string | null | undefined;
  readonly query?: string | undefined;
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
   * BM25 with name over cuisine over description; the last word matches as a prefix. Best first, ties by id. Where
   * thousands match, only so many of them are ranked.
   */
  searchKeywords(request: {
    readonly query: string;
    readonly filters: RestaurantFilters;
    readonly limit: number;
    readonly modelVersion: Version;
  }): Promise<KeywordHit[]>;
  /** Best rated first, rows without a rating last, ties by id. */
  listTopRated(request: {
    readonly filters: RestaurantFilters;
    readonly limit: number;
    readonly excludedIds: readonly number[];
    readonly modelVersion: Version;
  }): Promise<number[]>;
}
