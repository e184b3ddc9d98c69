/** Detects Portuguese and English by function words; accurate enough for a `lang` attribute. */
import type { Language } from './languages/words.ts';

const signs: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    'the and of with in to a is at for from on by an are it its no you your until before'.split(' '),
  ),
  pt: new Set(
    'o de e com em da do para uma um os as que na no ao se à é pela nos das dos por mais até'.split(' '),
  ),
};

/** One language must lead by this many words. */
const MARGIN = 2;

/** Undefined when undecided. */
export function detectLanguage(text: string): Language | undefined {
  let lead = 0;
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    if (signs.en.has(word)) lead += 1;
    if (signs.pt.has(word)) lead -= 1;
  }
  if (Math.abs(lead) < MARGIN) return undefined;
  return lead > 0 ? 'en' : 'pt';
}
