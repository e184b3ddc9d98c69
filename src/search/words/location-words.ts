/** Comparison of location filters: by whole words in order, under any of the place's names. */
import { namesOfPlace } from './place-names.ts';
import { foldedWords } from './split-words.ts';

/** Folded words separated by single spaces; a location that has one of these runs of words matches. */
export function locationAlternatives(location: string): readonly string[] {
  const words = foldedWords(location).join(' ');
  return words === '' ? [] : namesOfPlace(words);
}

/** Characters between words in the folded locations of restaurants. */
export const locationSeparators = [', ', ',', ' - ', '-', '/', '(', ')', '.', ';', "'", '’'] as const;
