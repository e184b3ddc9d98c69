/** First and later reads on one logarithmic scale. */
import type { Words } from '../languages/words.ts';
import type { LatencySummary } from '../../telemetry/read-latency.ts';
import type { MachineState } from './machine-state.ts';
import { Sparkline } from './sparkline.tsx';

const MIN_MS = 0.05;
const MAX_MS = 10_000;

const Row = ({
  words: { machine, milliseconds, count },
  kind,
  summary: { count: reads, p50Ms, p99Ms },
}: {
  words: Words;
  kind: 'cold' | 'warm';
  summary: LatencySummary;
}) => (
  <tr>
    <th scope="row">
      <svg class="swatch" viewBox="0 0 4 4" aria-hidden="true">
        <rect class={`line ${kind}`} width="4" height="4" />
      </svg>
      {`${machine[kind]} (${count(reads)})`}
    </th>
    <td>{p50Ms === null ? '–' : milliseconds(p50Ms)}</td>
    <td>{p99Ms === null ? '–' : milliseconds(p99Ms)}</td>
  </tr>
);

export const LatencyPanel = ({ words, state }: { words: Words; state: MachineState }) => {
  const { machine } = words;
  const { reads, samples, minutes } = state;
  const scale = { min: MIN_MS, max: MAX_MS, scale: 'logarithmic' } as const;
  return (
    <section class="panel" aria-labelledby="latency-title">
      <h2 id="latency-title">{machine.latency}</h2>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{machine.median}</th>
            <th scope="col">{machine.slowest}</th>
          </tr>
        </thead>
        <tbody>
          <Row words={words} kind="cold" summary={reads.cold} />
          <Row words={words} kind="warm" summary={reads.warm} />
        </tbody>
      </table>
      <Sparkline
        label={`${machine.latency}. ${machine.history(minutes)}`}
        lines={[
          { kind: 'cold slowest', values: samples.map((sample) => sample.coldSlowestMs), ...scale },
          { kind: 'warm slowest', values: samples.map((sample) => sample.warmSlowestMs), ...scale },
          { kind: 'cold', values: samples.map((sample) => sample.coldMedianMs), ...scale },
          { kind: 'warm', values: samples.map((sample) => sample.warmMedianMs), ...scale },
        ]}
      />
      <p class="note">{machine.logScale}</p>
    </section>
  );
};
