/** Turns whatever a person typed into an FTS5 query that cannot be a syntax error. */
import { queryWords } from '../../../search/query-words.ts';

/** The word quoted, so that it is no operator. */
export const term = (word: string): string => `"${word}"`;

/**
 * All words, the last one also as a prefix, because it may be unfinished. Undefined when there is no word at all.
 */
export function ftsQuery(text: string): string | undefined {
  const words = queryWords(text);
  return words.length === 0 ? undefined : `${words.map(term).join(' AND ')}*`;
}
