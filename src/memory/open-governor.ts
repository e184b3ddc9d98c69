/** Sets up the memory governor: what it reads, what it can give back and in which order, and what a model takes. */
import type { Logger } from 'pino';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { MemoryControl, ProcessBytes } from './memory-status.ts';
import { createMemoryGovernor, type MemoryDecision, type MemoryGovernor } from './memory-governor.ts';
import { readConfiguredMemory, readMemory } from './memory-limit.ts';
import { readProcessMemory } from './process-memory.ts';

/** What can be given back. Functions, as the parts themselves ask the governor before they grow. */
export interface MemoryReliefs {
  dropInt8Index(): Promise<number>;
  clearQueries(): number;
  endModel(): Promise<number>;
  modelUsage(): (ProcessBytes & { readonly pid: number }) | undefined;
}

export type OpenGovernor = MemoryGovernor &
  MemoryControl & {
    /** The error that a start of the model process is refused with when it would not fit. */
    rejectModel(): EmbeddingError | undefined;
  };

/** Anonymous memory of the model process at its peak, while it loads (all-MiniLM-L6-v2, int8; measured). */
const MODEL_BYTES = 56 * 1_048_576;
const none: ProcessBytes = { rssBytes: 0, anonymousBytes: 0 };

export function openGovernor(
  { memoryLimitMb }: { readonly memoryLimitMb: number },
  { dropInt8Index, clearQueries, endModel, modelUsage }: MemoryReliefs,
  log: Logger,
  onDecision: (decision: MemoryDecision) => void = () => {},
): OpenGovernor {
  const configured = () => {
    const pid = modelUsage()?.pid;
    return readConfiguredMemory(memoryLimitMb * 1_048_576, pid === undefined ? ['self'] : ['self', pid]);
  };
  const governor = createMemoryGovernor({
    read: memoryLimitMb > 0 ? configured : () => readMemory(),
    reliefs: [
      { name: 'matrix', relieve: dropInt8Index },
      { name: 'query-cache', relieve: clearQueries },
      { name: 'model', relieve: endModel },
    ],
    onDecision(decision) {
      const level = decision.decision === 'recovered' ? 'info' : 'warn';
      log[level](decision, `memory: ${decision.decision} ${decision.what}`);
      onDecision(decision);
    },
  });
  return {
    ...governor,
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
