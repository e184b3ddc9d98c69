/** The state of the machine in one sentence: all is well, or what is wrong. */
import { reasonInWords, type Words } from '../languages/words.ts';
import { cpuReason } from './cpu-panel.tsx';
import type { MachineState } from './machine-state.ts';

export interface Status {
  readonly isWell: boolean;
  readonly text: string;
}

export function statusOf(words: Words, { counts, model, memory, cpu, backfill }: MachineState): Status {
  const { machine, megabytes } = words;
  const troubles = [
    memory.refusing && machine.memoryShort,
    cpu.state === 'throttled' && cpuReason(words, cpu),
    model.state === 'unloaded' &&
      model.lastError &&
      machine.modelTrouble(reasonInWords(words, model.lastError.code)),
    counts.failed > 0 && machine.someFailed(counts.failed),
    backfill.state === 'waiting' &&
      machine.backfillWaits(reasonInWords(words, backfill.reason ?? 'in-progress')),
  ].filter((trouble) => typeof trouble === 'string');
  const facts = machine.sentence(
    counts.ready,
    counts.total,
    machine.states[model.state],
    megabytes(memory.usedBytes),
    megabytes(memory.limitBytes),
    machine.cpuStates[cpu.state],
  );
  const opening = troubles.length === 0 ? [machine.isWell] : troubles;
  // Only background work is slower: not a problem.
  const slowed = cpu.state === 'tight' ? cpuReason(words, cpu) : undefined;
  return {
    isWell: troubles.length === 0,
    text: [...opening, facts, ...(slowed === undefined ? [] : [slowed])].join(' '),
  };
}
