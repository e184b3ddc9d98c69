/** What somebody likes, as one vector. */

export interface Preference {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  /** Signed: negative for a dislike. */
  readonly weight: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const UNRATED = 0.6;

/**
 * Recency × rating: `max(0.1, 1 − ageDays/365) × rating/5`, 0.6 for the rating when there is none, no ageing
 * without a date. The linear decay over a year is the product's own rule, taken over from the ancestor service.
 *
 * @param rating 0–5, what the user gave
 * @param at when they liked it, ms since the epoch
 */
export function preferenceWeight(rating: number | undefined, at: number | undefined, now: number): number {
  const ageDays = at === undefined ? 0 : Math.max(0, now - at) / DAY_MS;
  return Math.max(0.1, 1 - ageDays / 365) * (rating === undefined ? UNRATED : rating / 5);
}

/** Shorter than this, likes and dislikes have cancelled out and the direction is noise. */
const SHORTEST = 1e-3;

/**
 * The weighted sum of likes minus dislikes, of unit length: the query vector of Rocchio's relevance feedback
 * (J. J. Rocchio, in Salton, "The SMART Retrieval System", 1971). Undefined when nothing is left of it.
 */
export function preferenceVector(preferences: readonly Preference[]): Float32Array | undefined {
  const [first] = preferences;
  if (!first) return undefined;
  const sum = new Float64Array(first.vector.length);
  let total = 0;
  for (const { vector, weight } of preferences) {
    total += Math.abs(weight);
    vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + weight * value));
  }
  const length = Math.hypot(...sum);
  if (!(length > SHORTEST * total)) return undefined;
  return Float32Array.from(sum, (value) => value / length);
}
