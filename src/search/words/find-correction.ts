/** Corrects misspelt words to known ones. */
import type { KnownWord, Vocabulary } from '../vocabulary.ts';
import { editDistance } from './edit-distance.ts';
import { stem } from './stem.ts';
import { translatedWordsBeginning } from './translations.ts';

const SHORTEST = 4;
/** From this many letters on, two edits are allowed. */
const LONG = 8;

/**
 * One edit away, or two from eight letters on, with the same first letter; the nearest, then the most frequent.
 * Undefined for words of fewer than four letters or with digits.
 */
export async function findCorrection(
  word: string,
  vocabulary: Pick<Vocabulary, 'listSimilar'>,
): Promise<KnownWord | undefined> {
  if (word.length < SHORTEST || !/^\p{L}+$/u.test(word)) return undefined;
  const max = editsAllowed(word);
  return nearest(word, await vocabulary.listSimilar(word, max));
}

const editsAllowed = (word: string) => (word.length >= LONG ? 2 : 1);

/** The same among the words that have translations, for a word that only restaurants in the other language have. */
export function findTranslatedCorrection(word: string): string | undefined {
  if (word.length < SHORTEST || !/^[a-z]+$/.test(word)) return undefined;
  const candidates = translatedWordsBeginning(word.slice(0, 1));
  return nearest(
    word,
    candidates.map((one) => ({ word: one, stem: stem(one), rows: 0 })),
  )?.word;
}

/** `bolo` and `bolos`, `assado` and `assada`: an inflection, not a misspelling. */
export const isInflection = (one: string, other: string): boolean =>
  withoutEnding(one) === withoutEnding(other);

const withoutEnding = (word: string) => word.replace(/(?:es|s)$/, '').replace(/[aeo]$/, '');

function nearest(word: string, candidates: readonly KnownWord[]): KnownWord | undefined {
  const max = editsAllowed(word);
  return candidates
    .map((known) => ({ known, edits: editDistance(word, known.word, max) }))
    .filter(({ edits, known }) => edits <= max && known.word.length >= SHORTEST - 1)
    .sort(
      (a, b) => a.edits - b.edits || b.known.rows - a.known.rows || (a.known.word < b.known.word ? -1 : 1),
    )
    .at(0)?.known;
}
