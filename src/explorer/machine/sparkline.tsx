/** A line of the last minutes, drawn by the server as SVG. */

const WIDTH = 180;
const HEIGHT = 40;

export interface SparklineProps {
  /** Oldest first; NaN leaves a gap. */
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly scale?: 'linear' | 'logarithmic';
  /** Text alternative: what the line shows, with its latest value. */
  readonly label: string;
  readonly kind: string;
}

/** Samples are aligned to the right, so that a service that just started has a short line. */
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
    // A value between two gaps is drawn as a dot: a line of length zero with round caps.
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
