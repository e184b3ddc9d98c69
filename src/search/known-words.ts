/** The words of a query and their synonyms, as the catalogue has them. */
import type { KnownWord, Vocabulary } from './vocabulary.ts';
import { stem } from './words/stem.ts';

export interface KnownWords {
  /** All inflections in the catalogue of each word, and each phrase (`luz de velas`) whose words are all known. */
  formsOf(words: readonly string[]): readonly KnownWord[];
  /** ln(1 + (N − n + ½)/(n + ½)), as in BM25 (Robertson and Zaragoza, 2009), for rows that have any of the words. */
  inverseFrequency(words: readonly KnownWord[]): number;
}

/**
 * One request to the vocabulary. Words are folded; `others` may be phrases, with single spaces. Words of a row that has
 * just been written are found among `words`, but maybe not yet among `others`.
 */
export async function readKnownWords(
  words: readonly string[],
  others: readonly string[],
  vocabulary: Vocabulary,
): Promise<KnownWords> {
  const stems = new Set([...words, ...others.flatMap((one) => one.split(' '))].map(stem));
  const { known, totalRows } = await vocabulary.lookUp({ words, stems: [...stems] });
  const byStem = new Map<string, KnownWord[]>();
  for (const word of known) byStem.set(word.stem, [...(byStem.get(word.stem) ?? []), word]);
  const rowsOf = new Map(known.map(({ word, rows }) => [word, rows]));

  function formsOfOne(own: string): readonly KnownWord[] {
    if (!own.includes(' ')) return byStem.get(stem(own)) ?? [];
    const rows = Math.min(...own.split(' ').map((word) => rowsOf.get(word) ?? 0));
    return rows > 0 ? [{ word: own, stem: '', rows }] : [];
  }

  return {
    formsOf: (given) => given.flatMap(formsOfOne),
    inverseFrequency(given) {
      const rows = Math.min(
        totalRows,
        given.reduce((sum, word) => sum + word.rows, 0),
      );
      return Math.log(1 + (totalRows - rows + 0.5) / (rows + 0.5));
    },
  };
}
