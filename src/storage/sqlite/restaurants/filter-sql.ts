/** The filters as SQL conditions over `restaurants r` joined with its embedding `e`. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { RestaurantFilters } from '../../../catalog/restaurant-filters.ts';
import { latitudeBand } from '../../../catalog/distance.ts';
import { locationAlternatives, locationSeparators } from '../../../search/words/location-words.ts';
import { ftsQuery } from '../search/fts-query.ts';
import { isReady } from './restaurant-row.ts';

/** The words of a location, separated and surrounded by single spaces. */
const locationWords = `(' ' || ${locationSeparators.reduce(
  (sql, separator) => `replace(${sql}, '${separator.replace("'", "''")}', ' ')`,
  'r.location_folded',
)} || ' ')`;

export type SqlValue = string | number | null;

export interface SqlCondition {
  /** Always true, `1`, when nothing is filtered. */
  readonly sql: string;
  /** Named values; `:modelVersion`, of the join with `e`, is bound by the caller. */
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** `query` asks for all words, the last one as a prefix. Values are bound, never written into the SQL. */
export function filterSql(filters: RestaurantFilters, query?: string): SqlCondition {
  const conditions: string[] = [];
  const values: Record<string, SqlValue> = {};

  function oneOf(column: string, name: string, wanted: readonly SqlValue[] | undefined): void {
    if (!wanted || wanted.length === 0) return;
    conditions.push(`${column} IN (SELECT value FROM json_each(:${name}))`);
    values[name] = JSON.stringify(wanted);
  }

  oneOf('r.cuisine_folded', 'cuisines', filters.cuisineTypes?.map(foldText));
  oneOf('r.price_level', 'prices', filters.priceLevels);
  if (filters.minRating !== undefined) {
    conditions.push('r.rating >= :minRating');
    values['minRating'] = filters.minRating;
  }
  if (filters.location !== undefined) {
    const alternatives = locationAlternatives(filters.location);
    const each = alternatives.map((words, index) => {
      values[`location${index}`] = ` ${words} `;
      values[`locationStart${index}`] = words.split(' ')[0] ?? '';
      // A cheap comparison first: it rules out most rows.
      return `(instr(r.location_folded, :locationStart${index}) > 0
        AND instr(${locationWords}, :location${index}) > 0)`;
    });
    conditions.push(each.length > 0 ? `(${each.join(' OR ')})` : '0');
  }
  if (filters.near?.radiusKm !== undefined) {
    const { latitude, longitude, radiusKm } = filters.near;
    const [south, north] = latitudeBand(latitude, radiusKm);
    conditions.push(
      'r.latitude BETWEEN :south AND :north AND r.longitude IS NOT NULL',
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
    const ready = `(e.restaurant_id IS NOT NULL AND ${isReady})`;
    conditions.push(filters.embedded ? ready : `NOT ${ready}`);
  }
  if (query !== undefined && query.trim() !== '') {
    const match = ftsQuery(query);
    conditions.push(
      match === undefined
        ? '0'
        : 'r.id IN (SELECT rowid FROM restaurants_fts WHERE restaurants_fts MATCH :match)',
    );
    if (match !== undefined) values['match'] = match;
  }
  return { sql: conditions.length > 0 ? conditions.join(' AND ') : '1', values };
}

/** Whether a key of `attributes` is text, a number or a boolean whose text equals the value. */
const hasAttribute = (key: string, value: string) => `EXISTS (
  SELECT 1 FROM json_each(r.attributes) AS a WHERE a.key = ${key} AND ${value} = CASE a.type
    WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
    WHEN 'text' THEN a.atom WHEN 'integer' THEN CAST(a.atom AS TEXT) WHEN 'real' THEN CAST(a.atom AS TEXT) END)`;
