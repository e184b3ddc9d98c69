/** The opaque cursor of a list: where the last page ended, and for which order and filters that holds. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { restaurantSorts, type ListRequest, type PagePosition } from '../../catalog/restaurant-store.ts';
import { Problem } from './problem.ts';

/** A list request without the position and size of its page. */
export type ListedQuery = Pick<ListRequest, 'filters' | 'query' | 'sort'>;

const cursorSchema = z.tuple([
  z.enum(restaurantSorts),
  z.string(),
  z.union([z.string(), z.number(), z.null()]),
  z.int().min(1),
]);

/** 48 bits are enough to distinguish the queries of one client; the hash protects no secret. */
function selectionHash({ filters, query }: ListedQuery): string {
  const selection = JSON.stringify([filters, query]);
  return createHash('sha256').update(selection).digest().subarray(0, 6).toString('base64url');
}

export function encodeCursor(listed: ListedQuery, { key, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([listed.sort, selectionHash(listed), key, id])).toString('base64url');
}

/** Throws `invalid-request` if the cursor is not from this service, or from a list with another order or other filters. */
export function decodeCursor(cursor: string, listed: ListedQuery): PagePosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success)
    throw invalidCursor('is not a cursor of this service; take it from nextCursor or the Link header');
  const [sort, selection, key, id] = parsed.data;
  if (sort !== listed.sort) throw invalidCursor(`belongs to sort=${sort}; start again without a cursor`);
  if (selection !== selectionHash(listed))
    throw invalidCursor('belongs to other filters, words or place; start again without a cursor');
  return { key, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidCursor(detail: string): Problem {
  return new Problem('invalid-request', 'The query has an invalid parameter.', {
    errors: [{ parameter: 'cursor', detail }],
  });
}
