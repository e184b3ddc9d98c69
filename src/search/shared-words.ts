/** The content words that two similar restaurants have in common. */
import { foldText } from '../catalog/fold-text.ts';
import { allWords } from './words/split-words.ts';
import { stem } from './words/stem.ts';
import { isWeakWord } from './words/stop-words.ts';

const MIN_LETTERS = 4;
const MAX_WORDS = 6;
/** Long stop words. */
const empty = new Set(
  (
    'para como uma dos das que sua seus suas onde with from that this their your have over every into feito feita feitos ' +
    'feitas servido servida toda todo todas todos mesa mesas horas hora tudo cada quem pelo pela pelos pelas table tables ' +
    'served made after under until here there also when than then only them they'
  ).split(' '),
);

interface Described {
  readonly name: string;
  readonly cuisineType: string | null;
  readonly description: string | null;
}

const wordsOf = ({ name, cuisineType, description }: Described) =>
  allWords([name, cuisineType, description].filter(Boolean).join(' ')).filter(
    (word) => word.length >= MIN_LETTERS && /^[\p{L}\p{M}]+$/u.test(word),
  );

/** As written in `other`, in lower case, each once; inflections of a word count as the same word. */
export function sharedWords(one: Described, other: Described): string[] {
  const known = new Set(wordsOf(one).map((word) => stem(foldText(word))));
  const found = new Map<string, string>();
  for (const word of wordsOf(other)) {
    const folded = foldText(word);
    const key = stem(folded);
    if (!known.has(key) || empty.has(folded) || isWeakWord(folded) || found.has(key)) continue;
    found.set(key, word.toLowerCase());
  }
  return [...found.values()].slice(0, MAX_WORDS);
}
