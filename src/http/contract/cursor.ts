/** The opaque cursor of a list: where the last page ended, and for which order and filters that holds. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { restaurantSorts, type ListRequest, type PagePosition } from '../../catalog/restaurant-store.ts';
import { Problem } from './problem.ts';

/** What a list is asked for, but for its page and the page's size. */
export type ListedQuery = Pick<ListRequest, 'filters' | 'query' | 'sort'>;

const cursorSchema = z.tuple([
  z.enum(restaurantSorts),
  z.string(),
  z.union([z.string(), z.number(), z.null()]),
  z.int().min(1),
]);

/** 48 bits tell one client's queries apart; nothing has to be kept secret. */
function selectionHash({ filters, query }: ListedQuery): string {
  const selection = JSON.stringify([filters, query]);
  return createHash('sha256').update(selection).digest().subarray(0, 6).toString('base64url');
}

export function encodeCursor(listed: ListedQuery, { key, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([listed.sort, selectionHash(listed), key, id])).toString('base64url');
}

/** Throws `invalid-request` for what this service did not make, or made for another order or other filters. */
export function decodeCursor(cursor: string, listed: ListedQuery): PagePosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success)
    throw refused('is not a cursor of this service; take it from nextCursor or the Link header');
  const [sort, selection, key, id] = parsed.data;
  if (sort !== listed.sort) throw refused(`belongs to sort=${sort}; start again without a cursor`);
  if (selection !== selectionHash(listed))
    throw refused('belongs to other filters, words or place; start again without a cursor');
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
