/** What a query asks for, worked out once for every part of a search. */
import type { PriceWish } from './words/price-words.ts';

/** One thing that a query asks for by a word. */
export interface QueryTerm {
  /** As typed. */
  readonly word: string;
  /**
   * What counts as this word in a restaurant: folded words, or two of them separated by a space. The word itself is
   * always among them, so that an exact match cannot be lost.
   */
  readonly forms: readonly string[];
  /** Folded words of the other language that mean the same. */
  readonly translations: readonly string[];
  /** How much a form counts, 0–1: less when it is a correction of what was typed, or its continuation. */
  readonly share: number;
  /** Inverse document frequency, scaled down for words that say little. */
  readonly weight: number;
  /** It says little: a row that has nothing else of the query is no match. */
  readonly isWeak: boolean;
  /** `sem`, `without`: only where the restaurant says the same it counts. */
  readonly isNegated: boolean;
  /** Some restaurant has one of the forms or translations. */
  readonly isKnown: boolean;
  /** Some restaurant or the dictionary has it. */
  readonly isWord: boolean;
}

export interface QueryPlace {
  /** As restaurants have it: `São Paulo`; several parts are separated by a comma. */
  readonly label: string;
  /**
   * What is named, each with all of its spellings that restaurants have, as folded parts of a location: `Lisboa,
   * Alfama` is `[['lisboa', 'lisbon'], ['alfama']]`.
   */
  readonly parts: readonly (readonly string[])[];
  /** A city in which no restaurant is: `label` is as typed, and there are no parts. */
  readonly isAbsent: boolean;
}

export interface QueryAnalysis {
  readonly terms: readonly QueryTerm[];
  readonly place: QueryPlace | undefined;
  readonly priceWish: PriceWish | undefined;
  /** What was typed → what was searched for instead. */
  readonly corrected: Readonly<Record<string, string>>;
  /** What the model is given: corrected, and without the place. Empty when the query has no words. */
  readonly meaningText: string;
}

/** The weight of a word in a place-holder's role, such as `lugar`, beside a word that says something. */
export const WEAK_WEIGHT = 0.2;
/** The weight of a word that no restaurant has. Nothing can match it, and yet it is part of what is asked for. */
export const UNKNOWN_WEIGHT = 0.5;
