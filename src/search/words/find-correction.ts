/** The known word that a misspelt one was meant to be. */
import type { KnownWord, Vocabulary } from '../vocabulary.ts';
import { editDistance } from './edit-distance.ts';

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
  const max = word.length >= LONG ? 2 : 1;
  const candidates = await vocabulary.listSimilar(word, max);
  return candidates
    .map((known) => ({ known, edits: editDistance(word, known.word, max) }))
    .filter(({ edits, known }) => edits <= max && known.word.length >= SHORTEST - 1)
    .sort(
      (a, b) => a.edits - b.edits || b.known.rows - a.known.rows || (a.known.word < b.known.word ? -1 : 1),
    )
    .at(0)?.known;
}
