/** Memory and its limit: one stacked meter, scaled to the limit. */
import type { MemoryStatus } from '../../memory/memory-status.ts';
import type { Words } from '../languages/words.ts';
import type { MachineState } from './machine-state.ts';
import { Sparkline } from './sparkline.tsx';

type Part = 'service' | 'model' | 'other' | 'free';

/**
 * Parts of the limit. The kernel counts more than the two processes' anonymous memory (its own, other processes of
 * the group): that is `other`, so that the parts add up to what is in use.
 */
export function partsOf({ limitBytes, usedBytes, service, model }: MemoryStatus): Record<Part, number> {
  const used = Math.min(limitBytes, usedBytes);
  const ofModel = Math.min(used, model.anonymousBytes);
  const ofService = Math.min(used - ofModel, service.anonymousBytes);
  return { service: ofService, model: ofModel, other: used - ofService - ofModel, free: limitBytes - used };
}

const drawn = ['service', 'model', 'other'] as const;

export const MemoryPanel = ({ words, state }: { words: Words; state: MachineState }) => {
  const { machine, megabytes } = words;
  const { memory, model, samples, minutes } = state;
  const parts = partsOf(memory);
  let from = 0;
  return (
    <section class="panel wide" aria-labelledby="memory-title">
      <h2 id="memory-title">{machine.memory}</h2>
      <svg
        class="stack"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="meter"
        aria-label={machine.memoryLabel}
        aria-valuemin={0}
        aria-valuemax={memory.limitBytes}
        aria-valuenow={memory.usedBytes}
        aria-valuetext={`${megabytes(memory.usedBytes)} / ${megabytes(memory.limitBytes)}`}
      >
        {drawn.map((part) => {
          const width = (100 * parts[part]) / memory.limitBytes;
          const x = from;
          from += width;
          return <rect class={`part-${part}`} x={x.toFixed(2)} y="0" width={width.toFixed(2)} height="4" />;
        })}
      </svg>
      <ul class="legend">
        {(['service', 'model', 'other', 'free'] as const).map((part) => (
          <li>
            <svg class="swatch" viewBox="0 0 4 4" aria-hidden="true">
              <rect class={`part-${part}`} width="4" height="4" />
            </svg>
            {`${machine.memoryParts[part]} ${megabytes(parts[part])}`}
          </li>
        ))}
      </ul>
      <Sparkline
        label={`${machine.memory}. ${machine.history(minutes)}`}
        lines={[
          {
            kind: 'used',
            values: samples.map(({ usedBytes }) => usedBytes),
            min: 0,
            max: memory.limitBytes,
          },
        ]}
      />
      <p class="note">
        {`${machine.history(minutes)}. ${machine.limit(megabytes(memory.limitBytes), machine.limitSources[memory.source])}. ${machine.released}: ${megabytes(model.bytesReturned)}.`}
      </p>
    </section>
  );
};
