/** The columns that follow from the fields a client writes. */
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import { toColumns } from '../../rows/restaurant-row.ts';
import { toTsvector } from '../search/restaurant-words.ts';

const types = {
  external_id: 'text',
  name: 'text',
  cuisine_type: 'text',
  description: 'text',
  rating: 'float8',
  price_level: 'smallint',
  location: 'text',
  latitude: 'float8',
  longitude: 'float8',
  attributes: 'text',
  name_folded: 'text',
  cuisine_folded: 'text',
  location_folded: 'text',
  words: 'tsvector',
  text_hash: 'bytea',
} as const satisfies Record<keyof ReturnType<typeof toColumns> | 'words', string>;

export type ColumnName = keyof typeof types;
export const columnNames = Object.keys(types) as ColumnName[];

/** The declared types, for `jsonb_to_recordset`. */
export const columnDefinitions = columnNames
  .map((name) => `${name} ${types[name] === 'bytea' ? 'text' : types[name]}`)
  .join(', ');

/** The bound value of a column. */
export const valueOf = (name: ColumnName) =>
  name === 'text_hash' ? `decode(:${name}, 'hex')` : `:${name}::${types[name]}`;

/** The column of a record set `x` with {@link columnDefinitions}. */
export const recordColumn = (name: ColumnName) =>
  name === 'text_hash' ? `decode(x.${name}, 'hex')` : `x.${name}`;

export function toColumnValues(fields: RestaurantFields): Record<ColumnName, string | number | null> {
  return { ...toColumns(fields), words: toTsvector(fields) };
}
