/** The filters that the list, similarity, recommendations and search have in common. */

export interface GeoFilter {
  readonly latitude: number;
  readonly longitude: number;
  /** Kilometres on the great circle; without it `near` only serves to sort by distance. */
  readonly radiusKm?: number | undefined;
}

export interface RestaurantFilters {
  /** Any of these, compared without case and accents. */
  readonly cuisineTypes?: readonly string[] | undefined;
  readonly minRating?: number | undefined;
  /** Any of these. */
  readonly priceLevels?: readonly number[] | undefined;
  /** Words of the location in this order, without case and accents; English and Portuguese names of a city are the same. */
  readonly location?: string | undefined;
  readonly near?: GeoFilter | undefined;
  /** Values of top-level keys of `attributes` that are text, numbers or booleans, compared as text. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Created or changed at this time or later: ISO 8601, UTC, milliseconds. */
  readonly updatedSince?: string | undefined;
  /** Whether a current vector exists. */
  readonly embedded?: boolean | undefined;
}
