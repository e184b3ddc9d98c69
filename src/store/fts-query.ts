/** Turns whatever a person typed into an FTS5 query that cannot be a syntax error. */

/** A query is cut after this many words: more only costs time. */
const MAX_WORDS = 32;

/** The words of a text as the `unicode61` tokenizer sees them: runs of letters, digits and private-use characters. */
export function queryWords(text: string, maxWords = MAX_WORDS): string[] {
  const words =
    text
      .toWellFormed()
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu) ?? [];
  return words.filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word)).slice(0, maxWords);
}

/** Words that say nothing about a restaurant: with OR they would match nearly everything. */
const STOP_WORDS = new Set(
  (
    'a o e é as os um uma de da do das dos em no na nos nas com sem por para pra que se ao à and or the of in on at ' +
    'for to with without from an is are by near'
  ).split(' '),
);

/**
 * Every word quoted, so that none is an operator; the last one matches as a prefix, because it may be
 * unfinished. Undefined when there is no word at all.
 */
export function ftsQuery(text: string, join: 'AND' | 'OR'): string | undefined {
  const all = queryWords(text);
  const telling = join === 'OR' ? all.filter((word) => !STOP_WORDS.has(word.toLowerCase())) : all;
  const words = telling.length > 0 ? telling : all;
  if (words.length === 0) return undefined;
  return `${words.map((word) => `"${word}"`).join(` ${join} `)}*`;
}
