/** What people ask restaurants for (a meal, an occasion, a diet, a cuisine), and the words that restaurants use for it. */
import { readFileSync } from 'node:fs';
import type { QueryToken } from './split-query.ts';
import { stem } from './stem.ts';
import { isEmptyWord } from './stop-words.ts';

export interface Concept {
  /** Ways to say the same in both languages: folded words, or several of them separated by spaces. */
  readonly synonyms: readonly string[];
  /** Words that indicate it in a description, folded likewise, the most specific first. */
  readonly related: readonly string[];
}

export interface FoundConcept extends Concept {
  /** Positions of the tokens that name it: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
}

/** The longest phrase, in words other than stop words. */
const LONGEST_NAME = 4;

/** Lines `synonym, synonym: related, related`, written by hand; those of each key. Read at the first query. */
let linesByKey: ReadonlyMap<string, readonly string[]> | undefined;

function readLines(): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  const lines = readFileSync(new URL('./concepts.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const synonyms = line.slice(0, line.indexOf(':')).split(', ');
    for (const key of new Set(synonyms.map((one) => keyOf(one.split(' '))))) {
      byKey.set(key, [...(byKey.get(key) ?? []), line]);
    }
  }
  return byKey;
}

/** The stems without stop words: equal for all inflections. */
const keyOf = (words: readonly string[]) =>
  words
    .filter((word) => !isEmptyWord(word))
    .map(stem)
    .join(' ');

function conceptAt(key: string): Concept | undefined {
  linesByKey ??= readLines();
  const lines = linesByKey.get(key)?.map((line) => line.split(': ').map((part) => part.split(', ')));
  return (
    lines && {
      synonyms: [...new Set(lines.flatMap(([synonyms = []]) => synonyms))],
      related: [...new Set(lines.flatMap(([, related = []]) => related))],
    }
  );
}

/** The concept that this word names by itself. Takes a folded word. */
export const conceptOf = (word: string): Concept | undefined => conceptAt(keyOf([word]));

/** The concepts that a query names by a phrase (`café da manhã`); longer phrases win, and none overlap. */
export function findConcepts(tokens: readonly QueryToken[]): readonly FoundConcept[] {
  const found: FoundConcept[] = [];
  const content = tokens.flatMap(({ folded }, index) => (isEmptyWord(folded) ? [] : [index]));
  for (let length = Math.min(LONGEST_NAME, content.length); length > 1; length -= 1) {
    for (let first = 0; first + length <= content.length; first += 1) {
      const start = content[first] ?? 0;
      const end = (content[first + length - 1] ?? 0) + 1;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const concept = conceptAt(keyOf(tokens.slice(start, end).map(({ folded }) => folded)));
      if (concept) found.push({ ...concept, start, end });
    }
  }
  return found;
}
