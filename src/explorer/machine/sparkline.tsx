/** A line of the last minutes, drawn by the server as SVG. */

const WIDTH = 180;
const HEIGHT = 40;

export interface SparklineProps {
  /** Oldest first; NaN leaves a gap. */
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly scale?: 'linear' | 'logarithmic';
  /** What the line shows, with its latest value: read out instead of the picture. */
  readonly label: string;
  readonly kind: string;
}

/** Samples keep their distance from the right edge, so that a young service has a short line. */
const CAPACITY = 180;

export function pathOf({
  values,
  min,
  max,
  scale = 'linear',
}: Omit<SparklineProps, 'label' | 'kind'>): string {
  const project = (value: number) => (scale === 'logarithmic' ? Math.log10(Math.max(value, min)) : value);
  const [low, high] = [project(min), project(max)];
  let path = '';
  let isDrawing = false;
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) {
      isDrawing = false;
      continue;
    }
    const x = WIDTH - (values.length - 1 - index) * (WIDTH / CAPACITY);
    const share = Math.min(1, Math.max(0, (project(value) - low) / (high - low || 1)));
    const point = `${x.toFixed(1)} ${(HEIGHT - 1 - share * (HEIGHT - 2)).toFixed(1)}`;
    // A value between two gaps would be invisible as a line: it is a dot, a line of no length with round ends.
    path += isDrawing ? `L${point}` : `M${point}h0`;
    isDrawing = true;
  }
  return path;
}

export const Sparkline = ({
  lines,
  label,
}: {
  lines: readonly Omit<SparklineProps, 'label'>[];
  label: string;
}) => (
  <svg
    class="sparkline"
    viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    preserveAspectRatio="none"
    role="img"
    aria-label={label}
  >
    <path class="axis" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
    {lines.map(({ kind, ...line }) => (
      <path class={`line ${kind}`} d={pathOf(line)} />
    ))}
  </svg>
);
