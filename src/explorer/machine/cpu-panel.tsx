/** CPU time: the state, its history, and the effect on background work. */
import { cpuLevelOf } from '../../telemetry/history.ts';
import type { Words } from '../languages/words.ts';
import type { MachineState } from './machine-state.ts';
import { Sparkline } from './sparkline.tsx';

/** Why the CPU is tight or throttled; undefined while it is free. */
export function cpuReason({ machine }: Words, { state, source, deniedShare }: MachineState['cpu']) {
  if (state === 'free') return undefined;
  return machine.cpuReasons[state](Math.round(100 * deniedShare), machine.cpuSources[source]);
}

export const CpuPanel = ({ words, state }: { words: Words; state: MachineState }) => {
  const { machine, count, decimal } = words;
  const { cpu, samples, minutes } = state;
  return (
    <section class="panel" aria-labelledby="cpu-title">
      <h2 id="cpu-title">
        {machine.cpu}{' '}
        <span class={`state ${cpu.state}`} data-cpu={cpu.state}>
          {machine.cpuStates[cpu.state]}
        </span>
      </h2>
      <p class="note">{cpuReason(words, cpu) ?? machine.cpuFree}</p>
      <dl>
        <dt>{machine.cpuDenied}</dt>
        <dd>{`${count(Math.round(100 * cpu.deniedShare))} %`}</dd>
        {cpu.cores !== null && (
          <>
            <dt>{machine.cpuCores}</dt>
            <dd>{decimal(cpu.cores, 2)}</dd>
          </>
        )}
      </dl>
      <Sparkline
        label={`${machine.cpu}. ${machine.history(minutes)}`}
        lines={[
          {
            kind: 'cpu',
            values: samples.map(({ cpuLevel }) => cpuLevel),
            min: 0,
            max: cpuLevelOf('throttled'),
          },
        ]}
      />
      <p class="note">{machine.cpuScale}</p>
    </section>
  );
};
