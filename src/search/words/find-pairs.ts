/** Words that are written as two elsewhere: `wifi` and `wi-fi`, `dimsum` and `dim sum`. */
import type { KnownWord, Vocabulary } from '../vocabulary.ts';
import type { QueryToken } from './split-query.ts';

const SHORTEST_PART = 2;
/** Of words that restaurants have, only short ones are also split in two. */
const LONGEST_KNOWN = 5;
const MAX_CUTS = 20;

/** Pairs of known words that together spell the token, each pair separated by a space. */
export async function findPairs(
  { folded, parts }: QueryToken,
  isKnown: boolean,
  vocabulary: Pick<Vocabulary, 'lookUp'>,
): Promise<KnownWord[]> {
  const cuts = isKnown && folded.length > LONGEST_KNOWN ? [] : cutsOf(folded);
  const pairs = [...cuts, ...(parts.length === 2 ? [parts] : [])];
  if (pairs.length === 0) return [];
  const { known } = await vocabulary.lookUp({ words: [...new Set(pairs.flat())], stems: [] });
  const rows = new Map(known.map((one) => [one.word, one.rows]));
  return pairs.flatMap((pair) => {
    const counts = pair.map((part) => rows.get(part) ?? 0);
    return counts.every((count) => count > 0)
      ? [{ word: pair.join(' '), stem: '', rows: Math.min(...counts) }]
      : [];
  });
}

function cutsOf(word: string): string[][] {
  const cuts = Math.max(0, word.length - 2 * SHORTEST_PART + 1);
  return Array.from({ length: Math.min(cuts, MAX_CUTS) }, (_, i) => [
    word.slice(0, i + SHORTEST_PART),
    word.slice(i + SHORTEST_PART),
  ]);
}
