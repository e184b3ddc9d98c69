/** The model: its state, its switches, and how much it has done. */
import type { Words } from '../languages/words.ts';
import type { MachineState } from './machine-state.ts';
import { Sparkline } from './sparkline.tsx';

export const Switch = ({ name, send, isOff }: { name: string; send: string; isOff: boolean }) => (
  <button type="button" class="needs-script" data-send={send} aria-disabled={isOff ? 'true' : 'false'}>
    {name}
  </button>
);

export const ModelPanel = ({ words, state }: { words: Words; state: MachineState }) => {
  const { machine, count } = words;
  const { model, modelName, samples, minutes } = state;
  const perSecond = samples.map((sample) => sample.inferencesPerSecond);
  return (
    <section class="panel" aria-labelledby="model-title">
      <h2 id="model-title">
        {machine.model} <span class={`state ${model.state}`}>{machine.states[model.state]}</span>
      </h2>
      <p class="note">{modelName}</p>
      <dl>
        <dt>{machine.inferences}</dt>
        <dd data-inferences={model.inferences}>{count(model.inferences)}</dd>
        <dt>{machine.waiting}</dt>
        <dd>{count(model.queued)}</dd>
      </dl>
      <Sparkline
        label={`${machine.perSecond}. ${machine.history(minutes)}`}
        lines={[{ kind: 'inference', values: perSecond, min: 0, max: Math.max(1, ...perSecond) }]}
      />
      <p class="note">{machine.perSecond}</p>
      <p class="actions start">
        <Switch name={machine.load} send="POST /model/load" isOff={model.state !== 'unloaded'} />
        <Switch name={machine.unload} send="POST /model/unload" isOff={model.state !== 'ready'} />
      </p>
    </section>
  );
};
