/** Quantisation of unit vectors to int8, and bounds of its error. */

/**
 * Writes the vector scaled by its largest component, which leaves cosines unchanged. Returns the angle in radians
 * between the vector and its int8 form: by the triangle inequality on the sphere, the angle between two vectors and
 * the angle between their int8 forms differ by no more than the sum of their two angles.
 */
export function quantise(vector: Float32Array, into: Int8Array): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i += 1) largest = Math.max(largest, Math.abs(vector[i] ?? 0));
  const scale = largest > 0 ? 127 / largest : 0;
  let dot = 0;
  let ownSquares = 0;
  let smallSquares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const value = vector[i] ?? 0;
    const small = Math.round(value * scale);
    into[i] = small;
    dot += value * small;
    ownSquares += value * value;
    smallSquares += small * small;
  }
  const cosine = dot / Math.sqrt(ownSquares * smallSquares);
  return Number.isNaN(cosine) ? Math.PI : Math.acos(Math.min(1, cosine));
}

/** The largest error of a cosine that usearch computes in single precision. */
const ROUNDING = 1e-5;

/** The highest cosine that two vectors can have whose int8 forms have this one, given the sum of their angles. */
export function highestCosine(approximate: number, angle: number): number {
  const nearest = Math.acos(Math.max(-1, Math.min(1, approximate + ROUNDING))) - angle;
  return nearest <= 0 ? 1 : Math.cos(nearest);
}
