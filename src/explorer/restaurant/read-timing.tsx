/** The first read and this one as two bars on one scale, the first one split into its parts. */
import type { FirstRead } from '../../telemetry/first-reads.ts';
import type { Words } from '../languages/words.ts';

interface Part {
  readonly name: keyof Words['restaurant']['phases'];
  readonly ms: number;
}

function partsOf({ durationMs, timing }: FirstRead): Part[] {
  if (!timing) return [{ name: 'rest', ms: durationMs }];
  const { waitMs, inferenceMs, storeMs } = timing;
  const rest = Math.max(0, durationMs - waitMs - inferenceMs - storeMs);
  return [
    { name: 'start', ms: waitMs },
    { name: 'inference', ms: inferenceMs },
    { name: 'store', ms: storeMs },
    { name: 'rest', ms: rest },
  ];
}

/** A smaller share of the scale would be invisible. */
const LEAST_PERCENT = 0.4;

const Bar = ({ parts, scaleMs }: { parts: readonly Part[]; scaleMs: number }) => {
  let from = 0;
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ name, ms }) => {
        const width = Math.max(LEAST_PERCENT, (100 * ms) / scaleMs);
        const x = from;
        from += width;
        return <rect class={`phase-${name}`} x={x.toFixed(2)} y="0" width={width.toFixed(2)} height="4" />;
      })}
    </svg>
  );
};

const Legend = ({ words, parts }: { words: Words; parts: readonly Part[] }) => (
  <ul class="legend">
    {parts.map(({ name, ms }) => (
      <li>
        <svg class="swatch" viewBox="0 0 4 4" aria-hidden="true">
          <rect class={`phase-${name}`} width="4" height="4" />
        </svg>
        {`${words.restaurant.phases[name]} ${words.milliseconds(ms)}`}
      </li>
    ))}
  </ul>
);

export interface ReadTimingProps {
  readonly words: Words;
  readonly first: FirstRead | undefined;
  /** Duration of this read of a stored vector, in the service. */
  readonly nowMs: number | undefined;
  /** There will be no first read to compare with: room is kept for one bar only. */
  readonly isAlone: boolean;
}

/** `#timing`. If the first read is not remembered, only this read is shown. */
export const ReadTiming = ({ words, first, nowMs, isAlone }: ReadTimingProps) => {
  const { restaurant: page, milliseconds } = words;
  const scaleMs = Math.max(first?.durationMs ?? 0, nowMs ?? 0);
  return (
    <section id="timing" class={isAlone ? 'timing alone' : 'timing'} aria-label={page.readTitle}>
      {first && (
        <div class="bar-row">
          <span>{page.firstRead}</span>
          <strong data-first-ms={first.durationMs.toFixed(2)}>{milliseconds(first.durationMs)}</strong>
          <Bar parts={partsOf(first)} scaleMs={scaleMs} />
        </div>
      )}
      {nowMs !== undefined && (
        <div class="bar-row">
          <span>{page.thisRead}</span>
          <strong data-now-ms={nowMs.toFixed(2)}>{milliseconds(nowMs)}</strong>
          <Bar parts={[{ name: 'rest', ms: nowMs }]} scaleMs={scaleMs} />
        </div>
      )}
      {first?.timing && <Legend words={words} parts={partsOf(first)} />}
      {first && nowMs !== undefined && <p class="note">{page.onOneScale}</p>}
    </section>
  );
};
