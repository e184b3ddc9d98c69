/** How well a restaurant fits a query: the weighted mean of vector, words, place and price. */
import type { KeywordRelevance } from './keyword-relevance.ts';

/**
 * Chosen with `bench/quality` on three sets of judged queries; see bench/quality/RESULTS.md. The place weighs as much as
 * the rest together, so that restaurants in the place come first.
 */
export const WEIGHTS = { similarity: 1, words: 0.5, place: 1.6, price: 0.2 } as const;

/** The cosine that is assumed of a restaurant without a vector: that of one with little to do with the query. */
const TYPICAL_SIMILARITY = 0.2;

/** The parts of the score; one that the search did not consider is undefined. */
export interface Evidence {
  /** Cosine of query and restaurant; null when the restaurant has no vector. */
  readonly similarity?: number | null | undefined;
  readonly words?: Pick<KeywordRelevance, 'coverage'> | undefined;
  /** 0–1; undefined when the query names no place. */
  readonly place?: number | undefined;
  /** 0–1; undefined when the query says nothing about the price. */
  readonly price?: number | undefined;
}

/**
 * The weighted mean of the parts that are defined, 0–1. Cosines below 0 count as 0.
 */
export function relevance({ similarity, words, place, price }: Evidence): number {
  const parts: readonly (readonly [weight: number, value: number])[] = [
    ...(similarity === undefined
      ? []
      : [[WEIGHTS.similarity, clamp(similarity ?? TYPICAL_SIMILARITY)] as const]),
    ...(words === undefined ? [] : [[WEIGHTS.words, words.coverage] as const]),
    ...(place === undefined ? [] : [[WEIGHTS.place, place] as const]),
    ...(price === undefined ? [] : [[WEIGHTS.price, price] as const]),
  ];
  const weight = parts.reduce((sum, [own]) => sum + own, 0);
  return weight === 0 ? 0 : clamp(parts.reduce((sum, [own, value]) => sum + own * value, 0) / weight);
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
