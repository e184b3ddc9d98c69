/** The opaque cursor of a list: where the last page ended, and under which order that holds. */
import { z } from 'zod';
import { restaurantSorts, type PagePosition, type RestaurantSort } from '../catalog/restaurant-store.ts';
import { Problem } from './problem.ts';

const cursorSchema = z.tuple([
  z.enum(restaurantSorts),
  z.union([z.string(), z.number(), z.null()]),
  z.int().min(1),
]);

export function encodeCursor(sort: RestaurantSort, { key, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

/** Throws `invalid-request` for what this service did not make, or made for another `sort`. */
export function decodeCursor(cursor: string, sort: RestaurantSort): PagePosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success)
    throw refused('is not a cursor of this service; take it from nextCursor or the Link header');
  const [cursorSort, key, id] = parsed.data;
  if (cursorSort !== sort) throw refused(`belongs to sort=${cursorSort}; start again without a cursor`);
  return { key, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(detail: string): Problem {
  return new Problem('invalid-request', 'The query has parameters that cannot be accepted.', {
    errors: [{ parameter: 'cursor', detail }],
  });
}
