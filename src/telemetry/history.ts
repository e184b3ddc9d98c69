/** The last fifteen minutes in a ring of numbers: memory, CPU, latency and inferences, one sample every five seconds. */
import { cpuStates, type CpuMonitor, type CpuState } from '../cpu/cpu-status.ts';
import type { EmbedderStatus } from '../embedding/embedder.ts';
import type { MemoryStatus } from '../memory/memory-status.ts';
import { createIntervalLatency } from './interval-latency.ts';

/** Of one interval; NaN where nothing was measured. */
export interface Sample {
  readonly usedBytes: number;
  /** First reads, ms. */
  readonly coldMedianMs: number;
  readonly coldSlowestMs: number;
  /** Later reads, ms. */
  readonly warmMedianMs: number;
  readonly warmSlowestMs: number;
  readonly inferencesPerSecond: number;
  /** At the end of the interval: 0 for `free`, 1 for `tight`, 2 for `throttled`. */
  readonly cpuLevel: number;
}

export interface History {
  noteRead(kind: 'cold' | 'warm', durationMs: number): void;
  /** Oldest first. */
  samples(): Sample[];
  /** How far back the samples go, in minutes, rounded up. */
  minutes(): number;
}

const EVERY_MS = 5_000;
const CAPACITY = 180;
const FIELDS = [
  'usedBytes',
  'coldMedianMs',
  'coldSlowestMs',
  'warmMedianMs',
  'warmSlowestMs',
  'inferencesPerSecond',
  'cpuLevel',
] as const satisfies readonly (keyof Sample)[];

export const cpuLevelOf = (state: CpuState): number => cpuStates.indexOf(state);

export interface HistorySources {
  readonly memory: { status(): Pick<MemoryStatus, 'usedBytes'> };
  readonly embedder: { status(): Pick<EmbedderStatus, 'inferences'> };
  readonly cpu: Pick<CpuMonitor, 'state'>;
}

/** Takes 14 KB at most. The timer does not keep the process alive. */
export function createHistory({ memory, embedder, cpu }: HistorySources): History {
  const ring = new Float64Array(CAPACITY * FIELDS.length);
  const reads = { cold: createIntervalLatency(), warm: createIntervalLatency() };
  let count = 0;
  let inferences = 0;

  function take(): void {
    const made = embedder.status().inferences;
    const [cold, warm] = [reads.cold.take(), reads.warm.take()];
    const sample: Sample = {
      usedBytes: memory.status().usedBytes,
      coldMedianMs: cold.medianMs,
      coldSlowestMs: cold.slowestMs,
      warmMedianMs: warm.medianMs,
      warmSlowestMs: warm.slowestMs,
      inferencesPerSecond: (made - inferences) / (EVERY_MS / 1_000),
      cpuLevel: cpuLevelOf(cpu.state()),
    };
    inferences = made;
    ring.set(
      FIELDS.map((field) => sample[field]),
      (count % CAPACITY) * FIELDS.length,
    );
    count += 1;
  }
  setInterval(take, EVERY_MS).unref();

  const known = () => Math.min(count, CAPACITY);
  function sampleAt(index: number): Sample {
    const at = ((count - known() + index) % CAPACITY) * FIELDS.length;
    const entries = FIELDS.map((field, offset) => [field, ring[at + offset] ?? NaN] as const);
    return Object.fromEntries(entries) as unknown as Sample;
  }
  return {
    noteRead: (kind, durationMs) => reads[kind].note(durationMs),
    samples: () => Array.from({ length: known() }, (_, index) => sampleAt(index)),
    minutes: () => Math.max(1, Math.ceil((known() * EVERY_MS) / 60_000)),
  };
}
