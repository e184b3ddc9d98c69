/** Which rows an answer may have: few or none for a query that nothing in the catalogue is about. */
import { foldText } from '../catalog/fold-text.ts';
import type { QueryAnalysis } from './query-analysis.ts';

export interface RowLimits {
  /** The least cosine of a row that has none of the query's words and is not in its place. */
  readonly minSimilarity: number;
  /** Only rows with a word of the query that says something. */
  readonly needsWord: boolean;
  readonly maxRows: number;
}

/** Measured with `bench/quality`: 18 % of the relevant rows of the sample are below, nearly all after the tenth row. */
const MIN_SIMILARITY = 0.15;
/** For words that neither restaurants nor the dictionary have: names of dishes, and inventions. */
const MIN_SIMILARITY_OF_UNKNOWN = 0.2;
/** Letters typed at random: no longer word of English or Portuguese has no vowel, or five consonants in a row. */
const isUnpronounceable = (word: string) =>
  /^[a-z]{5,}$/.test(word) && (!/[aeiouy]/.test(word) || /[^aeiouy]{5}/.test(word));
/** Of 60 judged queries 56 come nearer than this to a restaurant, of 20 about something else one does. */
const NEAR = 0.3;
const FEW_ROWS = 5;
const LEAST_ROWS = 3;

/**
 * A query with a word that restaurants have, in any form, translation or correction, is answered in full. Words that
 * only the dictionary has may still be meant by some restaurant (a mood, a dish): where nothing is near, the first rows
 * are shown. Of words that nothing knows only the nearest rows are, and none of letters without a vowel.
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
