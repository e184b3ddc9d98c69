/** Latency of reads of single restaurants: cold ones embed, warm ones do not. */

export interface LatencySummary {
  /** Reads since the service started. */
  readonly count: number;
  /** Of the latest 512 reads; null without any. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface ReadLatency {
  note(kind: 'cold' | 'warm', durationMs: number): void;
  summary(): { readonly cold: LatencySummary; readonly warm: LatencySummary };
}

const LATEST = 512;

export function createReadLatency(): ReadLatency {
  const rings = { cold: createRing(), warm: createRing() };
  return {
    note: (kind, durationMs) => rings[kind].add(durationMs),
    summary: () => ({ cold: rings.cold.summary(), warm: rings.warm.summary() }),
  };
}

function createRing() {
  const values = new Float64Array(LATEST);
  let count = 0;
  return {
    add(value: number): void {
      values[count % LATEST] = value;
      count += 1;
    },
    summary(): LatencySummary {
      const sorted = values.slice(0, Math.min(count, LATEST)).sort();
      const at = (share: number) => {
        const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
        return value === undefined ? null : Math.round(value * 100) / 100;
      };
      return { count, p50Ms: at(0.5), p99Ms: at(0.99) };
    },
  };
}
