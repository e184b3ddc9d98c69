/** Sets up the memory governor. Reliefs are added later, as they belong to parts that need the governor themselves. */
import type { Logger } from 'pino';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { MemoryControl, ProcessBytes } from './memory-status.ts';
import {
  createMemoryGovernor,
  type MemoryDecision,
  type MemoryGovernor,
  type Relief,
} from './memory-governor.ts';
import { readConfiguredMemory, readMemory } from './memory-limit.ts';
import { readProcessMemory } from './process-memory.ts';

/** Memory of the model process; undefined while there is none. */
export type ReadModelMemory = () => (ProcessBytes & { readonly pid: number }) | undefined;

export type OpenGovernor = MemoryGovernor &
  MemoryControl & {
    /** The error with which a start of the model process is rejected; undefined if it fits. */
    rejectModel(): EmbeddingError | undefined;
    /** Adds a way to release memory; they are used in the order in which they were added. */
    addRelief(relief: Relief): void;
    /** Includes the memory of the model process. */
    watchModel(read: ReadModelMemory): void;
    onDecision(listener: (decision: MemoryDecision) => void): void;
  };

/** Anonymous memory of the model process at its peak, while it loads (all-MiniLM-L6-v2, int8; measured). */
const MODEL_BYTES = 56 * 1_048_576;
const none: ProcessBytes = { rssBytes: 0, anonymousBytes: 0 };
const noModel = () => undefined;

export function openGovernor(
  { memoryLimitMb }: { readonly memoryLimitMb: number },
  log: Logger,
): OpenGovernor {
  const reliefs: Relief[] = [];
  const listeners: ((decision: MemoryDecision) => void)[] = [];
  let modelUsage: ReadModelMemory = noModel;
  const configured = () => {
    const pid = modelUsage()?.pid;
    return readConfiguredMemory(memoryLimitMb * 1_048_576, pid === undefined ? ['self'] : ['self', pid]);
  };
  const governor = createMemoryGovernor({
    read: memoryLimitMb > 0 ? configured : () => readMemory(),
    reliefs,
    onDecision(decision) {
      const level = decision.decision === 'recovered' ? 'info' : 'warn';
      log[level](decision, `memory: ${decision.decision} ${decision.what}`);
      for (const listener of listeners) listener(decision);
    },
  });
  return {
    ...governor,
    addRelief: (relief) => void reliefs.push(relief),
    watchModel(read) {
      modelUsage = read;
    },
    onDecision: (listener) => void listeners.push(listener),
    rejectModel() {
      if (governor.admits('model', MODEL_BYTES)) return undefined;
      return new EmbeddingError('memory', 'the model does not fit into what is left of the memory limit');
    },
    status() {
      const { rssBytes, anonymousBytes } = modelUsage() ?? none;
      return {
        ...governor.reading(),
        refusing: governor.isRefusing(),
        service: readProcessMemory('self') ?? none,
        model: { rssBytes, anonymousBytes },
      };
    },
  };
}
