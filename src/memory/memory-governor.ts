/** Memory governor: keeps the service within its limit by admitting large allocations and by releasing memory. */
import type { MemoryReading } from './memory-limit.ts';

/** One way of releasing memory. */
export interface Relief {
  readonly name: string;
  /** Returns the bytes released; 0 when there was nothing to release. */
  relieve(): number | Promise<number>;
}

export interface MemoryDecision {
  readonly decision: 'refused-load' | 'relieved' | 'refusing' | 'recovered';
  readonly what: string;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly bytesReturned?: number;
}

export interface MemoryGovernorOptions {
  readonly read: () => MemoryReading;
  /** In the order of use. */
  readonly reliefs: readonly Relief[];
  readonly onDecision?: (decision: MemoryDecision) => void;
}

export interface MemoryGovernor {
  /** True if `bytes` of memory that cannot be reclaimed still fit. A rejection is reported as a decision. */
  admits(what: string, bytes: number): boolean;
  /** True while use is too high and nothing is left to release: new vector work has to be rejected. */
  isRefusing(): boolean;
  reading(): MemoryReading;
  /** Reads once; under pressure, uses the first relief that releases something. */
  check(): Promise<void>;
  /** Checks every second. */
  start(): void;
  stop(): void;
}

/** Share of the limit up to which large allocations are admitted; the rest is for requests. */
const ADMIT_SHARE = 0.92;
/** Share of the limit from which memory is released. */
const PRESSURE_SHARE = 0.95;
const CHECK_EVERY_MS = 1_000;

export function createMemoryGovernor({
  read,
  reliefs,
  onDecision = () => {},
}: MemoryGovernorOptions): MemoryGovernor {
  let refusing = false;
  let checking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell(decision: MemoryDecision['decision'], what: string, bytesReturned?: number): void {
    const { usedBytes, limitBytes } = read();
    onDecision({
      decision,
      what,
      usedBytes,
      limitBytes,
      ...(bytesReturned !== undefined && { bytesReturned }),
    });
  }

  function setRefusing(value: boolean): void {
    if (refusing === value) return;
    refusing = value;
    tell(value ? 'refusing' : 'recovered', 'vector routes');
  }

  async function relieveOnce(): Promise<void> {
    const { usedBytes, limitBytes } = read();
    if (usedBytes < PRESSURE_SHARE * limitBytes) {
      setRefusing(false);
      return;
    }
    for (const { name, relieve } of reliefs) {
      const bytesReturned = await relieve();
      if (bytesReturned > 0) {
        tell('relieved', name, bytesReturned);
        return;
      }
    }
    setRefusing(true);
  }

  function check(): Promise<void> {
    checking ??= relieveOnce().finally(() => {
      checking = undefined;
    });
    return checking;
  }

  return {
    admits(what, bytes) {
      const { usedBytes, limitBytes } = read();
      if (usedBytes + bytes <= ADMIT_SHARE * limitBytes) return true;
      tell('refused-load', what);
      return false;
    },
    isRefusing: () => refusing,
    reading: read,
    check,
    start() {
      timer = setInterval(() => void check(), CHECK_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
