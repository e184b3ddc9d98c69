/** Writes restaurants as CSV (RFC 4180) that can be imported again. */
import { fieldNames } from '../../catalog/patch-restaurant.ts';
import type { Restaurant } from '../../catalog/restaurant.ts';

const columns = ['id', ...fieldNames, 'createdAt', 'updatedAt', 'version'] as const;

export const csvHeader = `${columns.join(',')}\r\n`;

/** Objects are written as JSON, null as an empty cell. */
export const toCsvLine = (restaurant: Restaurant): string =>
  `${columns.map((name) => toCell(restaurant[name])).join(',')}\r\n`;

function toCell(value: string | number | object | null): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
