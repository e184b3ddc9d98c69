/** What a person typed as a `tsquery` that cannot be a syntax error. */
import { MAX_QUERY_WORDS } from '../../../search/words/split-words.ts';
import { analyse, lexeme } from './restaurant-words.ts';

/** The word, or every word that begins with it. */
export const term = (word: string, isPrefix = false): string =>
  isPrefix ? `${lexeme(word)}:*` : lexeme(word);

/** All words, the last one also as a prefix, because it may be unfinished. Undefined when there is no word at all. */
export function wordsQuery(text: string): string | undefined {
  const words = analyse(text).slice(0, MAX_QUERY_WORDS);
  if (words.length === 0) return undefined;
  return words.map((word, index) => term(word, index === words.length - 1)).join(' & ');
}

/** These words, one after the other; with a field's weight, in that field only. Takes folded words. */
export const phrase = (words: string, weight = ''): string =>
  words
    .split(' ')
    .map((word) => `${lexeme(word)}${weight && `:${weight}`}`)
    .join(' <-> ');
