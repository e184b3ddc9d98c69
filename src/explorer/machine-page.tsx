/** The machine: coverage, model, memory, latency, backfill. */
import type { BackfillProgress } from '../embedding/backfill/backfill.ts';
import type { EmbedderStatus } from '../embedding/embedder.ts';
import type { EmbeddingCounts } from '../embedding/embedding-store.ts';
import type { MemoryStatus, ProcessBytes } from '../memory/memory-status.ts';
import type { LatencySummary } from '../telemetry/read-latency.ts';
import { Layout } from './layout.tsx';

export interface MachineState {
  readonly modelName: string;
  readonly counts: EmbeddingCounts;
  readonly model: EmbedderStatus;
  readonly memory: MemoryStatus;
  readonly reads: { readonly cold: LatencySummary; readonly warm: LatencySummary };
  readonly backfill: BackfillProgress;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;
const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`);
const moods = { unloaded: 'asleep', loading: 'waking', ready: 'awake' } as const;

const Row = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

const Coverage = ({ counts }: { counts: EmbeddingCounts }) => (
  <section class="panel" aria-labelledby="coverage-title">
    <h2 id="coverage-title">Coverage</h2>
    <progress
      max={String(Math.max(1, counts.total))}
      value={String(counts.ready)}
      aria-label="Embedded restaurants"
    />
    <dl>
      <Row name="embedded" value={`${counts.ready} of ${counts.total}`} />
      <Row name="missing" value={String(counts.missing)} />
      <Row name="stale" value={String(counts.stale)} />
      <Row name="failed" value={String(counts.failed)} />
    </dl>
  </section>
);

const ProcessMemory = ({
  name,
  process: { rssBytes, anonymousBytes },
  limitBytes,
}: {
  name: string;
  process: ProcessBytes;
  limitBytes: number;
}) => (
  <>
    <dt>{name}</dt>
    <dd>
      {`${megabytes(rssBytes)}, ${megabytes(anonymousBytes)} anonymous`}
      <meter max={String(limitBytes)} value={String(rssBytes)} aria-label={`Memory of the ${name}`} />
    </dd>
  </>
);

const Memory = ({ memory: { limitBytes, usedBytes, source, service, model } }: { memory: MemoryStatus }) => (
  <section class="panel" aria-labelledby="memory-title">
    <h2 id="memory-title">Memory</h2>
    <dl>
      <ProcessMemory name="service" process={service} limitBytes={limitBytes} />
      <ProcessMemory name="model" process={model} limitBytes={limitBytes} />
      <Row name="in use" value={megabytes(usedBytes)} />
      <Row name="limit" value={`${megabytes(limitBytes)} (${source})`} />
    </dl>
  </section>
);

export const MachinePanels = ({ state }: { state: MachineState }) => {
  const { modelName, counts, model, memory, reads, backfill } = state;
  const isRunning = backfill.state === 'running' || backfill.state === 'waiting';
  return (
    <div class="panels" data-model={model.state} data-backfill={isRunning ? 'on' : 'off'}>
      <Coverage counts={counts} />
      <section class="panel" aria-labelledby="model-title">
        <h2 id="model-title">Model</h2>
        <p>
          <span class={`badge ${model.state}`}>{moods[model.state]}</span> {modelName}
        </p>
        <dl>
          <Row name="inferences" value={String(model.inferences)} />
          <Row name="waiting texts" value={String(model.queued)} />
          <Row name="given back" value={megabytes(model.bytesReturned)} />
        </dl>
        <button
          type="button"
          class="needs-script"
          data-send="POST /model/load"
          aria-disabled={model.state !== 'unloaded'}
        >
          Wake it
        </button>{' '}
        <button
          type="button"
          class="needs-script"
          data-send="POST /model/unload"
          aria-disabled={model.state !== 'ready'}
        >
          Let it sleep
        </button>
      </section>
      <Memory memory={memory} />
      <section class="panel" aria-labelledby="reads-title">
        <h2 id="reads-title">Reads of single restaurants</h2>
        <dl>
          <Row
            name={`cold (${reads.cold.count})`}
            value={`${ms(reads.cold.p50Ms)} median, ${ms(reads.cold.p99Ms)} p99`}
          />
          <Row
            name={`warm (${reads.warm.count})`}
            value={`${ms(reads.warm.p50Ms)} median, ${ms(reads.warm.p99Ms)} p99`}
          />
        </dl>
      </section>
      <section class="panel" aria-labelledby="backfill-title">
        <h2 id="backfill-title">Backfill</h2>
        <progress
          max={String(Math.max(1, backfill.total))}
          value={String(backfill.done)}
          aria-label="Backfill"
        />
        <dl>
          <Row name="state" value={backfill.state} />
          <Row name="done" value={`${backfill.done} of ${backfill.total}`} />
          <Row name="speed" value={`${backfill.textsPerSecond} texts/s`} />
          <Row
            name="left"
            value={backfill.estimatedSecondsLeft === null ? '–' : `${backfill.estimatedSecondsLeft} s`}
          />
        </dl>
        <button
          type="button"
          class="needs-script"
          data-send="POST /embeddings/backfill"
          aria-disabled={isRunning}
        >
          Start
        </button>{' '}
        <button
          type="button"
          class="needs-script"
          data-send="DELETE /embeddings/backfill"
          aria-disabled={!isRunning}
        >
          Stop
        </button>
      </section>
    </div>
  );
};

export const MachinePage = ({ state }: { state: MachineState }) => (
  <Layout title="Machine" current="/explore/machine" script="machine.js">
    <h1>The machine</h1>
    <p class="status" role="status" />
    <div id="machine">
      <MachinePanels state={state} />
    </div>
  </Layout>
);
