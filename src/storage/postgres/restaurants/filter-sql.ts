/** The filters as SQL conditions over `restaurants r` joined with its embedding `e`. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { latitudeBand } from '../../../catalog/distance.ts';
import type { SqlValue } from '../connection/bind-values.ts';
import { locationAlternatives } from '../../../search/words/location-words.ts';
import { isReady } from './restaurant-row.ts';
import { phrase, wordsQuery } from '../search/words-query.ts';

export interface SqlCondition {
  /** `true` when nothing is filtered. */
  readonly sql: string;
  /** Named values; `:modelVersion` is bound by the caller. */
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** `query` asks for all words, the last one as a prefix. Values are bound, never written into the SQL. */
export function filterSql(filters: RestaurantFilters, query?: string): SqlCondition {
  const conditions: string[] = [];
  const values: Record<string, SqlValue> = {};

  if (filters.cuisineTypes && filters.cuisineTypes.length > 0) {
    conditions.push('r.cuisine_folded = ANY(:cuisines::text[])');
    values['cuisines'] = filters.cuisineTypes.map(foldText);
  }
  if (filters.priceLevels && filters.priceLevels.length > 0) {
    conditions.push('r.price_level = ANY(:prices::smallint[])');
    values['prices'] = filters.priceLevels;
  }
  if (filters.minRating !== undefined) {
    // As in the index; ratings are never negative.
    conditions.push('coalesce(r.rating, -1) >= :minRating');
    values['minRating'] = filters.minRating;
  }
  if (filters.location !== undefined) {
    const alternatives = locationAlternatives(filters.location);
    conditions.push(alternatives.length > 0 ? 'r.words @@ :location::tsquery' : 'false');
    values['location'] = alternatives.map((words) => `(${phrase(words, 'C')})`).join(' | ');
  }
  if (filters.near?.radiusKm !== undefined) {
    const { latitude, longitude, radiusKm } = filters.near;
    const [south, north] = latitudeBand(latitude, radiusKm);
    conditions.push(
      'r.latitude BETWEEN :south AND :north',
      'distance_km(:nearLatitude, :nearLongitude, r.latitude, r.longitude) <= :radiusKm',
    );
    Object.assign(values, { south, north, nearLatitude: latitude, nearLongitude: longitude, radiusKm });
  }
  if (filters.updatedSince !== undefined) {
    conditions.push('r.updated_at >= :updatedSince');
    values['updatedSince'] = filters.updatedSince;
  }
  Object.entries(filters.attributes ?? {}).forEach(([key, value], index) => {
    conditions.push(hasAttribute(`:attribute${index}`, `:attributeValue${index}`));
    Object.assign(values, { [`attribute${index}`]: key, [`attributeValue${index}`]: value });
  });
  if (filters.embedded !== undefined) {
    conditions.push(filters.embedded ? `(${isReady})` : `(${isReady}) IS NOT TRUE`);
  }
  if (query !== undefined && query.trim() !== '') {
    const match = wordsQuery(query);
    conditions.push(match === undefined ? 'false' : 'r.words @@ :match::tsquery');
    if (match !== undefined) values['match'] = match;
  }
  return { sql: conditions.length > 0 ? conditions.join(' AND ') : 'true', values };
}

/** Whether a key of `attributes` is text, a number or a boolean whose text equals the value. */
const hasAttribute = (key: string, value: string) =>
  `(r.attributes::json ->> ${key}::text = ${value}::text
    AND json_typeof(r.attributes::json -> ${key}::text) IN ('string', 'number', 'boolean'))`;
