/** Splits texts into words, the same way for queries and restaurants. */
import { foldText } from '../../catalog/fold-text.ts';

/** Further words only cost time: they are not searched for. */
export const MAX_QUERY_WORDS = 32;

/** The words of a text as written: runs of letters, digits and private-use characters, as FTS5's `unicode61` sees them. */
export function allWords(text: string): string[] {
  const words =
    text
      .toWellFormed()
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu) ?? [];
  return words.filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word));
}

/** The words without case and accents. */
export function foldedWords(text: string): string[] {
  // Nearly every text is Latin and then ASCII without its accents, for which simple patterns are three times as fast.
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase();
  if (/^[\0-\x7f]*$/.test(plain)) return plain.match(/[a-z0-9]+/g) ?? [];
  return allWords(foldText(text.toWellFormed()));
}
