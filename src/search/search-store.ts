/** The port through which similarity asks the catalogue: what matches, what is embedded, what should be next. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';

export interface KeywordHit {
  readonly id: number;
  /** The telling words of the query that occur in the restaurant, as typed. */
  readonly matchedWords: readonly string[];
}

/** What makes an unembedded row promising for an answer. */
export interface CandidateHints {
  readonly cuisineType?: string | null | undefined;
  readonly query?: string | undefined;
}

export interface SimilarityStore {
  /** How many rows match the filters, and how many of them have a current vector. */
  countMatches(filters: RestaurantFilters): Promise<{ eligible: number; embedded: number }>;
  /**
   * Rows that match the filters and have no current vector and no failure waiting for its retry, the most
   * promising first: same cuisine or a match with the query, then most viewed, then lowest id. Of matches without
   * views, those with all words or the rarest come first. Looks no further once `isOver` says so.
   */
  listCandidates(request: {
    readonly filters: RestaurantFilters;
    readonly promising: CandidateHints;
    readonly limit: number;
    readonly isOver?: () => boolean;
  }): Promise<number[]>;
  /**
   * BM25 with name over cuisine over description; the last word matches as a prefix. Best first, ties by id. Where
   * thousands match, only so many of them are ranked: what so many have in common tells little.
   */
  searchKeywords(request: {
    query: string;
    filters: RestaurantFilters;
    limit: number;
  }): Promise<KeywordHit[]>;
  /** Best rated first, rows without a rating last, ties by id. */
  listTopRated(request: {
    readonly filters: RestaurantFilters;
    readonly limit: number;
    readonly excludedIds: readonly number[];
  }): Promise<number[]>;
}
