/** The words of what a person typed. */

/** A query is cut after this many words: more only costs time. */
export const MAX_QUERY_WORDS = 32;

/** The words of a text as the `unicode61` tokenizer sees them: runs of letters, digits and private-use characters. */
export function allWords(text: string): string[] {
  const words =
    text
      .toWellFormed()
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu) ?? [];
  return words.filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word));
}

export const queryWords = (text: string): string[] => allWords(text).slice(0, MAX_QUERY_WORDS);

/** Words that say nothing about a restaurant: they occur in nearly every description. */
const STOP_WORDS = new Set(
  (
    'a o e é as os um uma de da do das dos em no na nos nas com sem por para pra que se ao à and or the of in on at ' +
    'for to with without from an is are by near'
  ).split(' '),
);

/** Without the words that say nothing, unless there are no others. */
export function contentWords(words: readonly string[]): readonly string[] {
  const telling = words.filter((word) => !STOP_WORDS.has(word.toLowerCase()));
  return telling.length > 0 ? telling : words;
}
