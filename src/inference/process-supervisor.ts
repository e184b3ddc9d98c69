/** Keeps at most one model process: starts it on need, with back-off after failures, and ends it. */
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { ModelState } from '../embedding/embedder.ts';
import type { ModelFiles } from './model-files.ts';
import { startModelProcess, type ModelProcess } from './model-process.ts';
import { readProcessMemory } from '../memory/process-memory.ts';

export type EndReason = 'idle' | 'unload' | 'memory' | 'close';

export type ProcessEvent =
  | { readonly type: 'starting' }
  | { readonly type: 'ready'; readonly modelPid: number; readonly durationMs: number }
  | { readonly type: 'start-failed'; readonly error: EmbeddingError; readonly retryInMs: number }
  | { readonly type: 'crashed'; readonly modelPid: number; readonly error: EmbeddingError }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly bytesReturned: number };

export interface ProcessSupervisorOptions {
  /** Called before every start: finds and checks the model, so that a repaired or exchanged folder is noticed. */
  readonly identify: () => Promise<ModelFiles>;
  /** Asked before every start; an error that it gives refuses the start without back-off. */
  readonly rejectStart?: () => EmbeddingError | undefined;
  readonly onEvent?: (event: ProcessEvent) => void;
  readonly now?: () => number;
}

export interface ProcessSupervisor {
  /** The running process, or a new one. Rejects with the `EmbeddingError` that says why there is none. */
  ensure(): Promise<ModelProcess>;
  running(): ModelProcess | undefined;
  state(): ModelState;
  /** Forgets the back-off: the next `ensure` tries at once. */
  forgetBackOff(): void;
  /** To be told how a text went: crashes in a row are backed off. */
  noteSuccess(): void;
  noteCrash(error: EmbeddingError): void;
  /**
   * Kills and reaps the process; gives the resident bytes that came back. One that is starting is waited for first,
   * unless the reason is `close`: then it is killed on its way, and no other one can be started.
   */
  end(reason: EndReason): Promise<number>;
  totals(): { readonly loads: number; readonly unloads: number; readonly bytesReturned: number };
  lastError(): { readonly code: string; readonly message: string; readonly at: string } | undefined;
}

const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;
/** A text gets two tries, so two crashes in a row may be that text's; a third is the process's own. */
const TOLERATED_CRASHES = 2;

export function createProcessSupervisor(options: ProcessSupervisorOptions): ProcessSupervisor {
  const { identify, rejectStart, onEvent = () => {}, now = Date.now } = options;
  const totals = { loads: 0, unloads: 0, bytesReturned: 0 };
  let running: ModelProcess | undefined;
  let starting: Promise<ModelProcess> | undefined;
  const closing = new AbortController();
  let failuresInARow = 0;
  let blockedUntil = 0;
  let failure: { error: EmbeddingError; at: string } | undefined;

  function backOff(error: EmbeddingError, failures: number): number {
    const delayMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS);
    blockedUntil = now() + delayMs;
    failure = { error, at: new Date(now()).toISOString() };
    return delayMs;
  }

  async function forgetWhenGone(child: ModelProcess): Promise<void> {
    await child.exited;
    if (running === child) running = undefined;
  }

  async function start(): Promise<ModelProcess> {
    onEvent({ type: 'starting' });
    const startedAt = performance.now();
    try {
      const files = await identify();
      if (closing.signal.aborted) throw closingError();
      const child = await startModelProcess(files, closing.signal);
      running = child;
      totals.loads += 1;
      failure = undefined;
      void forgetWhenGone(child);
      onEvent({ type: 'ready', modelPid: child.pid, durationMs: performance.now() - startedAt });
      return child;
    } catch (cause) {
      if (closing.signal.aborted) throw closingError();
      const error = toEmbeddingError(cause);
      failuresInARow += 1;
      onEvent({ type: 'start-failed', error, retryInMs: backOff(error, failuresInARow) });
      throw error;
    }
  }

  return {
    async ensure() {
      if (running) return running;
      if (starting) return starting;
      if (closing.signal.aborted) throw closingError();
      if (failure && now() < blockedUntil) throw failure.error;
      const rejection = rejectStart?.();
      if (rejection) throw rejection;
      starting = start();
      try {
        return await starting;
      } finally {
        starting = undefined;
      }
    },
    running: () => running,
    state() {
      if (running) return 'ready';
      return starting ? 'loading' : 'unloaded';
    },
    forgetBackOff() {
      blockedUntil = 0;
    },
    noteSuccess() {
      failuresInARow = 0;
    },
    noteCrash(error) {
      failuresInARow += 1;
      onEvent({ type: 'crashed', modelPid: running?.pid ?? 0, error });
      running = undefined;
      if (failuresInARow <= TOLERATED_CRASHES) return;
      backOff(new EmbeddingError('embedder-backoff', error.message), failuresInARow - TOLERATED_CRASHES);
    },
    async end(reason) {
      if (reason === 'close') closing.abort();
      await starting?.catch(() => {});
      const child = running;
      if (!child) return 0;
      const bytesBefore = residentBytes(child.pid) ?? child.usage().rssBytes;
      running = undefined;
      child.kill();
      await child.exited;
      const bytesReturned = Math.max(0, bytesBefore - (residentBytes(child.pid) ?? 0));
      totals.unloads += 1;
      totals.bytesReturned += bytesReturned;
      onEvent({ type: 'ended', reason, bytesReturned });
      return bytesReturned;
    },
    totals: () => totals,
    lastError: () => failure && { code: failure.error.code, message: failure.error.message, at: failure.at },
  };
}

const closingError = () => new EmbeddingError('closing', 'the service is shutting down');

/** A process that cannot even be forked (no memory, no process ids) may be a matter of time. */
function toEmbeddingError(cause: unknown): EmbeddingError {
  return cause instanceof EmbeddingError
    ? cause
    : new EmbeddingError('embedder-backoff', (cause as Error).message);
}

/** Of this process and the model's together; undefined where there is no /proc. */
function residentBytes(modelPid: number): number | undefined {
  const own = readProcessMemory('self');
  return own && own.rssBytes + (readProcessMemory(modelPid)?.rssBytes ?? 0);
}
