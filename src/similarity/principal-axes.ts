/** Principal component analysis in two dimensions, for a map of the vectors. */

export interface PrincipalAxes {
  /** float32[dimensions] → x and y, in −1…1 for nearly all vectors. */
  project(vector: Float32Array): readonly [x: number, y: number];
}

/** Power iteration has converged to well below a pixel by then (measured on the sample catalogue). */
const ITERATIONS = 30;
/** So many standard deviations reach the edge of the map. */
const SPREAD = 2.5;

const dot = (a: Float64Array | Float32Array, b: Float64Array | Float32Array) => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

function normalise(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

function meanOf(sample: readonly Float32Array[], dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  for (const vector of sample)
    for (let i = 0; i < dimensions; i += 1) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0);
  return mean.map((value) => value / sample.length);
}

/**
 * The direction of the largest variance among centred vectors, orthogonal to `others`, by power iteration on the
 * covariance, which is never formed: each step is Xᵀ(Xv). (Golub and Van Loan, Matrix Computations, 8.2.)
 */
function leadingAxis(centred: readonly Float64Array[], dimensions: number, others: readonly Float64Array[]) {
  // Any start that is not orthogonal to the axis will do; this one is the same every time.
  let axis: Float64Array = normalise(Float64Array.from({ length: dimensions }, (_, i) => Math.sin(i + 1)));
  for (let step = 0; step < ITERATIONS; step += 1) {
    const next = new Float64Array(dimensions);
    for (const vector of centred) {
      const along = dot(vector, axis);
      for (let i = 0; i < dimensions; i += 1) next[i] = (next[i] ?? 0) + along * (vector[i] ?? 0);
    }
    for (const other of others) {
      const along = dot(next, other);
      for (let i = 0; i < dimensions; i += 1) next[i] = (next[i] ?? 0) - along * (other[i] ?? 0);
    }
    axis = normalise(next);
  }
  return axis;
}

/** Fits the axes to a sample of at least one vector; about 25 ms for 500 vectors of 384 dimensions. */
export function fitPrincipalAxes(sample: readonly Float32Array[]): PrincipalAxes {
  const dimensions = sample[0]?.length ?? 0;
  const mean = meanOf(sample, dimensions);
  const centred = sample.map((vector) => Float64Array.from(vector, (value, i) => value - (mean[i] ?? 0)));
  const first = leadingAxis(centred, dimensions, []);
  const second = leadingAxis(centred, dimensions, [first]);
  const axes = [first, second].map((axis) => {
    const variance = centred.reduce((sum, vector) => sum + dot(vector, axis) ** 2, 0) / sample.length;
    return { axis, offset: dot(mean, axis), scale: 1 / (SPREAD * Math.sqrt(variance) || 1) };
  });
  const along = (vector: Float32Array, index: number) => {
    const { axis, offset, scale } = axes[index] ?? { axis: mean, offset: 0, scale: 0 };
    return Math.max(-1, Math.min(1, (dot(vector, axis) - offset) * scale));
  };
  return { project: (vector) => [along(vector, 0), along(vector, 1)] };
}
