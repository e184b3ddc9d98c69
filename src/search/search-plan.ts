/** What every part of one search is given. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { QueryAnalysis } from './query-analysis.ts';

export interface SearchPlan {
  readonly analysis: QueryAnalysis;
  readonly filters: RestaurantFilters;
  /** The filters narrowed to the place of the query, whose rows must be found even when others are nearer. */
  readonly preferred: RestaurantFilters | undefined;
  readonly limit: number;
  /** The position after the last row of the page. */
  readonly pageEnd: number;
  readonly excludedIds: readonly number[];
  readonly mayEmbed: boolean;
}
