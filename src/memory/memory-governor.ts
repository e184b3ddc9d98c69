/** Keeps the service within its memory: asks before something large is loaded, and gives back under pressure. */
import type { MemoryReading } from './memory-limit.ts';

/** One way of giving memory back. */
export interface Relief {
  readonly name: string;
  /** Bytes that came back; 0 when there was nothing to give. */
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
  /** In the order in which they are used. */
  readonly reliefs: readonly Relief[];
  readonly onDecision?: (decision: MemoryDecision) => void;
}

export interface MemoryGovernor {
  /** Whether `bytes` more of what cannot be reclaimed still fit. A rejection is a decision that is told. */
  admits(what: string, bytes: number): boolean;
  /** True while nothing more can be given back and it is still too much: new vector work is to be refused. */
  isRefusing(): boolean;
  reading(): MemoryReading;
  /** Looks once: under pressure, uses the first relief that gives something. */
  check(): Promise<void>;
  /** Looks every second. */
  start(): void;
  stop(): void;
}

/** Loading may go up to here; the rest is for what comes and goes with requests. */
const ADMIT_SHARE = 0.92;
/** From here on memory is given back. */
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
