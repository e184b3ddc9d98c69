/** The query of the list: words, filters, a place, and the offset of the first result. */
import type { GeoFilter, RestaurantFilters } from '../../catalog/restaurant-filters.ts';
import { readId } from '../read-id.ts';
import { isFamily, kindOf, type Family } from '../cuisine-families.ts';

export const PAGE_ROWS = 24;
/** The largest offset of a search. */
export const MAX_SEARCH_OFFSET = 96;
const MAX_LOCATION_CHARACTERS = 200;
const DEFAULT_RADIUS_KM = 5;

export interface ListQuery {
  readonly q: string | undefined;
  readonly family: Family | undefined;
  readonly cuisineType: string | undefined;
  readonly minRating: string | undefined;
  readonly priceLevel: string | undefined;
  readonly location: string | undefined;
  readonly embedded: string | undefined;
  readonly near: GeoFilter | undefined;
  /** Id of the last row of the previous page, without words or a place. */
  readonly after: number | undefined;
  /** Rows to skip in a search, or in a list by distance. */
  readonly offset: number;
  /** The reader is still typing: nothing may be embedded for this response. */
  readonly isTyping: boolean;
}

/** Parses a form or an address. Invalid values are ignored. */
export function readListQuery(given: URLSearchParams): ListQuery {
  const matching = (name: string, pattern: RegExp) => {
    const value = given.get(name)?.trim();
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const family = given.get('family') ?? undefined;
  return {
    q: given.get('q')?.trim() || undefined,
    family: isFamily(family) ? family : undefined,
    cuisineType: given.get('cuisineType') || undefined,
    minRating: matching('minRating', /^[0-5](\.\d)?$/),
    priceLevel: matching('priceLevel', /^[1-4]$/),
    location: given.get('location')?.trim().slice(0, MAX_LOCATION_CHARACTERS) || undefined,
    embedded: matching('embedded', /^(true|false)$/),
    near: readPlace(given.get('near'), given.get('radiusKm')),
    after: readId(given.get('after') ?? undefined),
    offset: Math.min(MAX_SEARCH_OFFSET, Number(matching('offset', /^\d{1,3}$/) ?? 0)),
    isTyping: given.get('typing') === '1',
  };
}

function readPlace(near: string | null, radius: string | null): GeoFilter | undefined {
  const [latitude, longitude, ...rest] = (near ?? '')
    .split(',')
    .map((part) => (part.trim() ? Number(part) : NaN));
  if (latitude === undefined || longitude === undefined || rest.length > 0) return undefined;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  const radiusKm = Number(radius);
  return { latitude, longitude, radiusKm: radiusKm > 0 && radiusKm <= 100 ? radiusKm : DEFAULT_RADIUS_KM };
}

/** `cuisines` are those of the catalogue, from which a family selects. */
export function toFilters(query: ListQuery, cuisines: readonly string[]): RestaurantFilters {
  const { family, cuisineType, minRating, priceLevel, location, embedded, near } = query;
  const ofFamily = family && cuisines.filter((cuisine) => kindOf(cuisine).family === family);
  // A family that the catalogue does not have selects nothing; an empty list would select everything.
  return {
    ...(ofFamily && { cuisineTypes: ofFamily.length > 0 ? ofFamily : [family] }),
    ...(cuisineType !== undefined && { cuisineTypes: [cuisineType] }),
    ...(minRating !== undefined && { minRating: Number(minRating) }),
    ...(priceLevel !== undefined && { priceLevels: [Number(priceLevel)] }),
    ...(location !== undefined && { location }),
    ...(embedded !== undefined && { embedded: embedded === 'true' }),
    ...(near && { near }),
  };
}

/** The same selection as parameters of the API. */
export function toApiParameters(filters: RestaurantFilters): URLSearchParams {
  const { cuisineTypes = [], minRating, priceLevels = [], location, embedded, near } = filters;
  const parameters = new URLSearchParams();
  for (const cuisine of cuisineTypes) parameters.append('cuisineType', cuisine);
  if (minRating !== undefined) parameters.set('minRating', String(minRating));
  for (const level of priceLevels) parameters.append('priceLevel', String(level));
  if (location !== undefined) parameters.set('location', location);
  if (embedded !== undefined) parameters.set('embedded', String(embedded));
  if (near) {
    parameters.set('near', `${near.latitude},${near.longitude}`);
    parameters.set('radiusKm', String(near.radiusKm));
  }
  return parameters;
}

export const countFilters = ({
  family,
  cuisineType,
  minRating,
  priceLevel,
  location,
  embedded,
  near,
}: ListQuery) =>
  [family, cuisineType, minRating, priceLevel, location, embedded, near].filter(
    (given) => given !== undefined,
  ).length;
