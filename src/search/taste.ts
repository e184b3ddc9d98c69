/** Taste: the vectors of likes and dislikes, and the score of a restaurant against them. */
import { cosine } from './diversify.ts';

export type Preference = 'like' | 'neutral' | 'dislike';

/** Ratings below this are dislikes. */
const WORST_NEUTRAL = 2.5;
/** Ratings above this are likes. */
const BEST_NEUTRAL = 3.5;

/** The meaning of a rating (0–5); without one it is a like. */
export function preferenceOf(rating: number | undefined): Preference {
  if (rating === undefined || rating > BEST_NEUTRAL) return 'like';
  return rating < WORST_NEUTRAL ? 'dislike' : 'neutral';
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const UNRATED = 0.6;

/**
 * Recency × rating: `max(0.1, 1 − ageDays/365) × rating/5`, 0.6 for the rating when there is none, no ageing
 * without a date. The linear decay over a year is a rule of the product.
 *
 * @param rating 0–5, what the user gave
 * @param at when they liked it, ms since the epoch
 */
export function likeWeight(rating: number | undefined, at: number | undefined, now: number): number {
  const ageDays = at === undefined ? 0 : Math.max(0, now - at) / DAY_MS;
  return Math.max(0.1, 1 - ageDays / 365) * (rating === undefined ? UNRATED : rating / 5);
}

export interface Liked {
  readonly id: number;
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  readonly weight: number;
}

export interface Taste {
  readonly liked: readonly Liked[];
  /** float32[dimensions] each, unit length. */
  readonly disliked: readonly Float32Array[];
}

/** The weighted mean of the likes, of unit length; undefined without likes. Dislikes do not change it. */
export function tasteVector({ liked }: Pick<Taste, 'liked'>): Float32Array | undefined {
  const [first] = liked;
  if (!first) return undefined;
  const sum = new Float64Array(first.vector.length);
  for (const { vector, weight } of liked) {
    vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + weight * value));
  }
  const length = Math.hypot(...sum);
  return length > 0 ? Float32Array.from(sum, (value) => value / length) : undefined;
}

/**
 * The cosine to the taste, less the amount by which the restaurant is nearer to a dislike than to every like; 0–1. A
 * dislike never raises a score and does not lower that of unlike restaurants: compare the best-score strategy of Qdrant, and Rocchio's feedback (in Salton, "The SMART Retrieval System", 1971), where dislikes turn the whole query.
 */
export function tasteScore(vector: Float32Array, { liked, disliked }: Taste, mean: Float32Array): number {
  const nearest = (vectors: readonly Float32Array[]) =>
    vectors.reduce((best, other) => Math.max(best, cosine(vector, other)), -1);
  const excess = disliked.length === 0 ? 0 : nearest(disliked) - nearest(liked.map((one) => one.vector));
  return Math.min(1, Math.max(0, cosine(vector, mean) - Math.max(0, excess)));
}

/** The liked restaurant that contributes most to the score of this one. */
export function mainReason(vector: Float32Array, liked: readonly Liked[]): number | undefined {
  let best: { readonly id: number; readonly value: number } | undefined;
  for (const { id, vector: own, weight } of liked) {
    const value = weight * cosine(vector, own);
    if (!best || value > best.value) best = { id, value };
  }
  return best?.id;
}
