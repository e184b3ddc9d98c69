/** Turns words into FTS5 queries that cannot be syntax errors. */
import type { QueryTerm } from '../../../search/query-analysis.ts';
import { allWords, MAX_QUERY_WORDS } from '../../../search/words/split-words.ts';

/** The word, or the words in this order, quoted, so that it is no operator. */
export const term = (words: string): string => `"${words.replaceAll('"', '')}"`;

/** Any form or translation of the term. */
export const anyForm = ({ forms, translations }: Pick<QueryTerm, 'forms' | 'translations'>): string => {
  const words = [...new Set([...forms, ...translations])];
  return words.length === 1 ? term(words[0] ?? '') : `(${words.map(term).join(' OR ')})`;
};

/**
 * All words, the last one also as a prefix, because it may be unfinished. Undefined when there is no word at all.
 */
export function ftsQuery(text: string): string | undefined {
  const words = allWords(text).slice(0, MAX_QUERY_WORDS);
  return words.length === 0 ? undefined : `${words.map(term).join(' AND ')}*`;
}
