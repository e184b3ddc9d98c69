/** The hash by which an import finds a row without an externalId. */
import { createHash } from 'node:crypto';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import { parseAttributes, toColumns } from '../../rows/restaurant-row.ts';

/** 48 bits: an integer that JavaScript and SQLite hold alike. Rows that share it are compared field by field. */
const HASH_BYTES = 6;

/** Hashes the fields that are not null, so that adding a field changes no hash of rows without it. */
export function contentHash(fields: RestaurantFields): number {
  const content = Object.entries(fields).filter(([, value]) => value !== null);
  const text = JSON.stringify(sortKeys(Object.fromEntries(content)));
  return createHash('sha256').update(text).digest().readUIntBE(0, HASH_BYTES);
}

/** The same value with sorted keys, as their order has no meaning in JSON. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, sortKeys(inner)]));
}

/** All columns derived from the fields. A row with an externalId has no hash. */
export function toStoredColumns(fields: RestaurantFields) {
  const content_hash = fields.externalId === null ? contentHash(fields) : null;
  return { ...toColumns(fields), content_hash };
}

/** The hash of the columns of a row, as the migration that added it passes them. */
export function contentHashOfColumns(...columns: unknown[]): number {
  const [name, cuisineType, description, rating, priceLevel, location, latitude, longitude, json] = columns;
  const { attributes } = parseAttributes({ attributes: json as string | null });
  const fields = { name, cuisineType, description, rating, priceLevel, location, latitude, longitude };
  return contentHash({ ...fields, externalId: null, attributes } as RestaurantFields);
}
