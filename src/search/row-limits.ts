/** Limits the rows of an answer: few or none for a query that the catalogue has nothing for. */
import { foldText } from '../catalog/fold-text.ts';
import type { QueryAnalysis } from './query-analysis.ts';

export interface RowLimits {
  /** The least cosine of a row that has none of the query's words and is not in its place. */
  readonly minSimilarity: number;
  /** Only rows with a content word of the query. */
  readonly needsWord: boolean;
  readonly maxRows: number;
}

/** Measured with `bench/quality`: 18 % of the relevant rows of the sample are below it, nearly all after the tenth row. */
const MIN_SIMILARITY = 0.15;
/** For words that neither restaurants nor the dictionary have, such as names of dishes. */
const MIN_SIMILARITY_OF_UNKNOWN = 0.2;
/** Letters typed at random: no longer word of English or Portuguese has no vowel, or five consonants in a row. */
const isUnpronounceable = (word: string) =>
  /^[a-z]{5,}$/.test(word) && (!/[aeiouy]/.test(word) || /[^aeiouy]{5}/.test(word));
/** Measured: 56 of 60 judged queries, and 1 of 20 about something else, are nearer than this to a restaurant. */
const NEAR = 0.3;
const FEW_ROWS = 5;
const LEAST_ROWS = 3;

/**
 * A query with a word that restaurants have, in any form, translation or correction, is answered in full. If only the
 * dictionary has its words, a restaurant may still fit the meaning: when no row is near, the first ones are shown. If
 * nothing has them, only near rows are shown, and none for letters without a vowel.
 *
 * @param best the largest cosine of the query and a restaurant; −1 when meaning was not searched
 */
export function rowLimits({ terms, place }: QueryAnalysis, best: number): RowLimits {
  if (place?.isAbsent) return { minSimilarity: 1, needsWord: true, maxRows: LEAST_ROWS };
  const content = terms.filter(({ isWeak }) => !isWeak);
  const full = { minSimilarity: MIN_SIMILARITY, needsWord: false, maxRows: Infinity };
  if (content.length === 0 || content.some(({ isKnown }) => isKnown)) return full;
  if (content.some(({ isWord }) => isWord)) return best < NEAR ? { ...full, maxRows: LEAST_ROWS } : full;
  if (content.every(({ word }) => isUnpronounceable(foldText(word)))) return { ...full, maxRows: 0 };
  return { ...full, minSimilarity: MIN_SIMILARITY_OF_UNKNOWN, maxRows: FEW_ROWS };
}
