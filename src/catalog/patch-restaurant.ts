/** Merging and comparing the fields of restaurants. */
import { isDeepStrictEqual } from 'node:util';
import { attributesSchema, mergeAttributes } from './attributes.ts';
import { restaurantFieldsSchema, type RestaurantFields, type RestaurantPatch } from './restaurant.ts';

export const fieldNames = Object.keys(restaurantFieldsSchema.shape) as (keyof RestaurantFields)[];

/** Whether all fields are equal; the order of keys in `attributes` does not count. */
export const equalFields = (one: RestaurantFields, other: RestaurantFields): boolean =>
  fieldNames.every((name) => one[name] === other[name] || isDeepStrictEqual(one[name], other[name]));

/** The fields after a JSON merge patch. Throws a `ZodError` when they do not fit together. */
export function patchFields(current: RestaurantFields, patch: RestaurantPatch): RestaurantFields {
  return restaurantFieldsSchema.parse(mergeFields(current, patch));
}

/** The fields after a JSON merge patch, not validated as a whole. */
export function mergeFields(current: RestaurantFields, patch: RestaurantPatch): RestaurantFields {
  const merged = fieldNames.map((name) => [name, patch[name] === undefined ? current[name] : patch[name]]);
  const fields = Object.fromEntries(merged) as RestaurantFields;
  const { attributes } = patch;
  return attributes ? { ...fields, attributes: mergeAttributes(current.attributes, attributes) } : fields;
}

/**
 * Checks the rules that concern several fields; each field by itself is valid already. Returns what is wrong, or
 * undefined.
 */
export function conflictOf(fields: RestaurantFields): string | undefined {
  if ((fields.latitude === null) !== (fields.longitude === null)) {
    const missing = fields.latitude === null ? 'latitude' : 'longitude';
    return `${missing}: latitude and longitude must be given together`;
  }
  if (fields.attributes === null) return undefined;
  const checked = attributesSchema.safeParse(fields.attributes);
  return checked.success ? undefined : `attributes: ${checked.error.issues[0]?.message ?? 'not valid'}`;
}

/** The fields of a new row before any of them is set. */
export const emptyFields: RestaurantFields = {
  externalId: null,
  name: '',
  cuisineType: null,
  description: null,
  rating: null,
  priceLevel: null,
  location: null,
  latitude: null,
  longitude: null,
  attributes: null,
};
