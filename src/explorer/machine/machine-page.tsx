/** The machine: one sentence, then memory, model, latency, catalogue, backfill and events. */
import { Layout } from '../layout.tsx';
import type { Words } from '../languages/words.ts';
import type { View } from '../view.ts';
import { BackfillPanel, CoveragePanel, EventsPanel } from './catalogue-panels.tsx';
import { CpuPanel } from './cpu-panel.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import type { MachineState } from './machine-state.ts';
import { MemoryPanel } from './memory-panel.tsx';
import { ModelPanel } from './model-panel.tsx';
import { statusOf } from './status-sentence.ts';

/** `#machine`. */
export const MachinePanels = ({ words, state }: { words: Words; state: MachineState }) => {
  const { isWell, text } = statusOf(words, state);
  const isBackfilling = state.backfill.state === 'running' || state.backfill.state === 'waiting';
  return (
    <div id="machine" data-model={state.model.state} data-backfill={isBackfilling ? 'on' : 'off'}>
      <p class={`health ${isWell ? 'well' : 'trouble'}`}>{text}</p>
      <div class="panels">
        <MemoryPanel words={words} state={state} />
        <ModelPanel words={words} state={state} />
        <CpuPanel words={words} state={state} />
        <LatencyPanel words={words} state={state} />
        <CoveragePanel words={words} state={state} />
        <BackfillPanel words={words} state={state} />
        <EventsPanel words={words} state={state} />
      </div>
    </div>
  );
};

export const MachinePage = ({ view, state }: { view: View; state: MachineState }) => {
  const { machine } = view.words;
  return (
    <Layout
      view={view}
      title={machine.title}
      current="/explore/machine"
      script="machine.js"
      styles="machine.css"
      requests={[
        { method: 'GET', path: '/model' },
        { method: 'GET', path: '/embeddings' },
        { method: 'GET', path: '/embeddings/backfill' },
      ]}
    >
      <h1>{machine.title}</h1>
      <p class="status" id="trouble" role="status" />
      <MachinePanels words={view.words} state={state} />
      <section id="failures" class="panel" aria-labelledby="failures-title" hidden>
        <h2 id="failures-title">{machine.failures}</h2>
        <ul id="failure-list" />
      </section>
    </Layout>
  );
};
