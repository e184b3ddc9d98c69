/** The last fifteen minutes in a ring of numbers: memory, latency and inferences, one sample every five seconds. */
import type { EmbedderStatus } from '../embedding/embedder.ts';
import type { MemoryStatus } from '../memory/memory-status.ts';

/** Of one interval; NaN where nothing was measured. */
export interface Sample {
  readonly usedBytes: number;
  /** Slowest first read and slowest later read, ms. */
  readonly coldMs: number;
  readonly warmMs: number;
  readonly inferencesPerSecond: number;
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
const FIELDS = ['usedBytes', 'coldMs', 'warmMs', 'inferencesPerSecond'] as const;

export interface HistorySources {
  readonly memory: { status(): Pick<MemoryStatus, 'usedBytes'> };
  readonly embedder: { status(): Pick<EmbedderStatus, 'inferences'> };
}

/** Takes 6 KB, whatever happens. The timer does not keep the process alive. */
export function createHistory({ memory, embedder }: HistorySources): History {
  const ring = new Float64Array(CAPACITY * FIELDS.length);
  let count = 0;
  let slowest = { cold: NaN, warm: NaN };
  let inferences = 0;

  function take(): void {
    const made = embedder.status().inferences;
    const perSecond = (made - inferences) / (EVERY_MS / 1_000);
    inferences = made;
    ring.set(
      [memory.status().usedBytes, slowest.cold, slowest.warm, perSecond],
      (count % CAPACITY) * FIELDS.length,
    );
    count += 1;
    slowest = { cold: NaN, warm: NaN };
  }
  setInterval(take, EVERY_MS).unref();

  const known = () => Math.min(count, CAPACITY);
  return {
    noteRead(kind, durationMs) {
      slowest[kind] = Number.isNaN(slowest[kind]) ? durationMs : Math.max(slowest[kind], durationMs);
    },
    samples: () =>
      Array.from({ length: known() }, (_, index) => {
        const at = ((count - known() + index) % CAPACITY) * FIELDS.length;
        const [usedBytes = NaN, coldMs = NaN, warmMs = NaN, inferencesPerSecond = NaN] = ring.slice(
          at,
          at + 4,
        );
        return { usedBytes, coldMs, warmMs, inferencesPerSecond };
      }),
    minutes: () => Math.max(1, Math.ceil((known() * EVERY_MS) / 60_000)),
  };
}
