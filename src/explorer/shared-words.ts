/** Why two restaurants are similar, in words that a reader sees in both. */
import { foldText } from '../catalog/fold-text.ts';
import type { Restaurant } from '../catalog/restaurant.ts';

const MIN_LETTERS = 4;
const MAX_WORDS = 6;
/** Long words that say nothing. */
const empty = new Set(
  (
    'para como com uma dos das que sua seus suas mais onde casa with from that this their your have over every into very ' +
    'feito feita feitos feitas serve servem servido servida todo toda todos todas mesa mesas horas hora tudo cada ' +
    'quem pelo pela pelos pelas nossa nosso table tables served serves made after under until here there'
  ).split(' '),
);

const wordsOf = ({ name, description }: Restaurant) =>
  (`${name} ${description ?? ''}`.match(/[\p{L}\p{M}]+/gu) ?? []).filter(
    (word) => word.length >= MIN_LETTERS,
  );

/** As written in `other`, compared without case and accents, each once. */
export function sharedWords(one: Restaurant, other: Restaurant): string[] {
  const known = new Set(wordsOf(one).map(foldText));
  const found = new Map<string, string>();
  for (const word of wordsOf(other)) {
    const folded = foldText(word);
    if (known.has(folded) && !empty.has(folded) && !found.has(folded)) found.set(folded, word.toLowerCase());
  }
  return [...found.values()].slice(0, MAX_WORDS);
}
