/** What a merge patch makes of a restaurant. */
import { restaurantFieldsSchema, type RestaurantFields, type RestaurantPatch } from './restaurant.ts';

/** The fields after the patch. Throws a `ZodError` when they do not fit together. */
export function patchFields(current: RestaurantFields, patch: RestaurantPatch): RestaurantFields {
  const fields = Object.keys(restaurantFieldsSchema.shape) as (keyof RestaurantFields)[];
  const merged = fields.map((field) => [field, patch[field] === undefined ? current[field] : patch[field]]);
  return restaurantFieldsSchema.parse(Object.fromEntries(merged));
}
