/** Principal component analysis in two dimensions, for a map of the vectors. */

export interface PrincipalAxes {
  /** float64[dimensions] each, of unit length and orthogonal. */
  readonly directions: readonly [Float64Array, Float64Array];
  /** float32[dimensions] → x and y, in −1…1 for nearly all vectors. */
  project(vector: Float32Array): readonly [x: number, y: number];
}

/** Power iteration has converged to well below a pixel by then (measured on the sample catalogue). */
const ITERATIONS = 30;
/** Standard deviations from the centre to the edge of the map. */
const SPREAD = 2.5;
/** Coordinates are linear up to here and approach ±1 beyond, so that outliers do not pile up at the edge. */
const LINEAR = 0.8;

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
function leadingAxis(
  centred: readonly Float64Array[],
  start: Float64Array,
  others: readonly Float64Array[],
): Float64Array {
  let axis = start;
  for (let step = 0; step < ITERATIONS; step += 1) {
    const next = new Float64Array(start.length);
    for (const vector of centred) {
      const along = dot(vector, axis);
      for (let i = 0; i < next.length; i += 1) next[i] = (next[i] ?? 0) + along * (vector[i] ?? 0);
    }
    for (const other of others) {
      const along = dot(next, other);
      for (let i = 0; i < next.length; i += 1) next[i] = (next[i] ?? 0) - along * (other[i] ?? 0);
    }
    // Without variance in any other direction every direction is equally good.
    if (dot(next, next) < Number.EPSILON) return axis;
    axis = normalise(next);
  }
  return axis;
}

/**
 * Turns the axis so that the projections are skewed to the positive side: the same vectors give the same sign,
 * whatever axes there were before.
 */
function orient(axis: Float64Array, centred: readonly Float64Array[]): Float64Array {
  const skewness = centred.reduce((sum, vector) => sum + dot(vector, axis) ** 3, 0);
  return skewness < 0 ? axis.map((value) => -value) : axis;
}

/** −∞…∞ → −1…1; the slope is 1 up to {@link LINEAR} and continuous. */
function compress(value: number): number {
  const beyond = Math.abs(value) - LINEAR;
  if (beyond <= 0) return value;
  const room = 1 - LINEAR;
  return Math.sign(value) * (LINEAR + room * Math.tanh(beyond / room));
}

interface ScaledAxis {
  readonly axis: Float64Array;
  readonly offset: number;
  readonly scale: number;
}

function toAxes(first: ScaledAxis, second: ScaledAxis): PrincipalAxes {
  const along = (vector: Float32Array, { axis, offset, scale }: ScaledAxis) =>
    compress((dot(vector, axis) - offset) * scale);
  return {
    directions: [first.axis, second.axis],
    project: (vector) => [along(vector, first), along(vector, second)],
  };
}

/**
 * Axes for too few vectors to fit: two arbitrary but fixed directions. Vectors of unit
 * length have a standard deviation of about 1/√dimensions along them.
 */
export function startingAxes(dimensions: number): PrincipalAxes {
  const along = (frequency: number): ScaledAxis => ({
    axis: normalise(Float64Array.from({ length: dimensions }, (_, i) => Math.sin((i + 1) * frequency))),
    offset: 0,
    scale: Math.sqrt(dimensions) / SPREAD,
  });
  return toAxes(along(1), along(Math.SQRT2));
}

/**
 * Fits the axes to a sample of at least two different vectors; about 25 ms for 500 vectors of 384 dimensions. Equal
 * samples give equal axes.
 */
export function fitPrincipalAxes(sample: readonly Float32Array[]): PrincipalAxes {
  const dimensions = sample[0]?.length ?? 0;
  const mean = meanOf(sample, dimensions);
  const centred = sample.map((vector) => Float64Array.from(vector, (value, i) => value - (mean[i] ?? 0)));
  const [x, y] = startingAxes(dimensions).directions;
  const first = orient(leadingAxis(centred, x, []), centred);
  const second = orient(leadingAxis(centred, y, [first]), centred);
  const scaled = (axis: Float64Array): ScaledAxis => {
    const variance = centred.reduce((sum, vector) => sum + dot(vector, axis) ** 2, 0) / sample.length;
    return { axis, offset: dot(mean, axis), scale: 1 / (SPREAD * Math.sqrt(variance) || 1) };
  };
  return toAxes(scaled(first), scaled(second));
}
