/** What a person typed as terms, with how common each of them is. */
import { MAX_QUERY_WORDS, contentWords } from '../../../search/query-words.ts';
import type { Queries } from '../connection/database.ts';
import { analyse } from './restaurant-words.ts';
import { readWordStatistics } from './word-counts.ts';
import { term } from './words-query.ts';

/** A term in more rows than this is common: it says little, and ranking all of its rows would take long. */
export const COMMON_ROWS = 2_000;

export interface RankedTerm {
  readonly word: string;
  readonly isPrefix: boolean;
  /** Inverse document frequency as in BM25: ln((N − n + 0.5) / (n + 0.5)), at least 10⁻⁶. */
  readonly idf: number;
}

export interface QueryTerms {
  /** Every word, as a `tsquery` for rows that have all of them. */
  readonly all: string;
  /** The content words that few rows have, the rarest first, each as a `tsquery`. */
  readonly rare: readonly string[];
  readonly common: readonly string[];
  readonly terms: readonly RankedTerm[];
  readonly averageWords: number;
}

const toQuery = ({ word, isPrefix }: Pick<RankedTerm, 'word' | 'isPrefix'>) => term(word, isPrefix);

/** Undefined when there is no word in the query. */
export async function readQueryTerms(queries: Queries, query: string): Promise<QueryTerms | undefined> {
  const words = analyse(query).slice(0, MAX_QUERY_WORDS);
  if (words.length === 0) return undefined;
  const last = words.length - 1;
  const { rows, averageWords, rowsOf } = await readWordStatistics(queries, [
    ...words.map((word) => ({ word, isPrefix: false })),
    { word: words[last] ?? '', isPrefix: true },
  ]);
  // A word that so many rows have is finished; ranking all words that begin with it would take long.
  const isLastPrefix = (rowsOf[last] ?? 0) <= COMMON_ROWS;
  const content = new Set(contentWords(words));
  const counted = words.map((word, index) => {
    const isPrefix = index === last && isLastPrefix;
    return { word, isPrefix, count: Math.max(0, rowsOf[isPrefix ? last + 1 : index] ?? 0) };
  });
  const ranked = counted
    .filter(({ word }, index) => content.has(word) && words.indexOf(word) === index)
    .toSorted((a, b) => a.count - b.count);
  return {
    all: counted.map(toQuery).join(' & '),
    rare: ranked.filter(({ count }) => count > 0 && count <= COMMON_ROWS).map(toQuery),
    common: ranked.filter(({ count }) => count > COMMON_ROWS).map(toQuery),
    terms: counted.map(({ word, isPrefix, count }) => ({
      word,
      isPrefix,
      idf: Math.max(1e-6, Math.log((rows - count + 0.5) / (count + 0.5))),
    })),
    averageWords,
  };
}
