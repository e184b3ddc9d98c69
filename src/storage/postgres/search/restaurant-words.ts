/** The words of a restaurant as a `tsvector`: lexemes by our own analysis, the field as the weight of each position. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import { allWords } from '../../../search/words/split-words.ts';

/** PostgreSQL keeps no position beyond this, and no lexeme longer than {@link MAX_LEXEME_BYTES}. */
const MAX_POSITION = 16_383;
const MAX_LEXEME_BYTES = 2_000;

const fields = [
  ['name', 'A'],
  ['cuisineType', 'B'],
  ['location', 'C'],
  ['description', 'D'],
] as const;

export const lexeme = (word: string): string => `'${word}'`;

/** The same analysis for restaurants and queries. */
export function analyse(text: string): string[] {
  return allWords(foldText(text)).filter((word) => Buffer.byteLength(word) <= MAX_LEXEME_BYTES);
}

/** The text of a `tsvector`, such as `'casa':1A 'mineira':2B`. */
export function toTsvector(restaurant: RestaurantFields): string {
  let position = 0;
  return fields
    .flatMap(([field, weight]) =>
      analyse(restaurant[field] ?? '').map((word) => {
        position = Math.min(position + 1, MAX_POSITION);
        return `${lexeme(word)}:${position}${weight}`;
      }),
    )
    .join(' ');
}
