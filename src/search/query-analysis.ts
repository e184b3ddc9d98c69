/** The analysis of a query, made once for all parts of a search. */
import type { PriceWish } from './words/price-words.ts';

/** A word of the query with everything that matches it. */
export interface QueryTerm {
  /** As typed. */
  readonly word: string;
  /**
   * Folded words, or several of them separated by spaces, that match in a restaurant. The word itself is always among
   * them, so that an exact match is never lost.
   */
  readonly forms: readonly string[];
  /** Folded words, or several of them separated by spaces, that mean the same in either language. */
  readonly translations: readonly string[];
  /** Folded words likewise that indicate what is asked for (`candlelit` for `romantic`). */
  readonly related: readonly string[];
  /** How much a form counts, 0–1: less for a correction or a completion of what was typed. */
  readonly share: number;
  /** Inverse document frequency, scaled down for weak words. */
  readonly weight: number;
  /** A word such as `place` or `food`: by itself it makes no row a match. */
  readonly isWeak: boolean;
  /** Follows `sem`, `without` and the like: it matches only where it is negated in the restaurant too. */
  readonly isNegated: boolean;
  /** At least one restaurant has one of the forms, translations or related words. */
  readonly isKnown: boolean;
  /** A restaurant or the dictionary has it. */
  readonly isWord: boolean;
}

export interface QueryPlace {
  /** As restaurants write it: `São Paulo`; several parts are separated by a comma. */
  readonly label: string;
  /**
   * The named parts of a location, each with all of its folded spellings that restaurants have: `Lisboa, Alfama` is
   * `[['lisboa', 'lisbon'], ['alfama']]`.
   */
  readonly parts: readonly (readonly string[])[];
  /** A known city without restaurants: `label` is as typed, and there are no parts. */
  readonly isAbsent: boolean;
}

export interface QueryAnalysis {
  readonly terms: readonly QueryTerm[];
  readonly place: QueryPlace | undefined;
  readonly priceWish: PriceWish | undefined;
  /** What was typed → what was searched for instead. */
  readonly corrected: Readonly<Record<string, string>>;
  /** The text that is embedded: corrected, and without the place. Empty when the query has no words. */
  readonly meaningText: string;
  /** Other words for what is asked for, which the model is given beside `meaningText`; empty when none are known. */
  readonly meaningHint: string;
}

/** The weight of a weak word, such as `lugar`, relative to a content word. */
export const WEAK_WEIGHT = 0.2;
/** The weight of a word that is said of many restaurants, such as `dinner`. */
export const GENERAL_WEIGHT = 0.4;
/** The weight of a word that no restaurant has: nothing matches it, which lowers the covered share of the query. */
export const UNKNOWN_WEIGHT = 0.5;
