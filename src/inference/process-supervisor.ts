/** Process supervisor: keeps at most one model process, starts it on demand, backs off after failures, ends it. */
import { backOffMs } from '../embedding/back-off.ts';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { EmbedderModel, ModelState } from '../embedding/embedder.ts';
import type { ModelFiles } from './model-files.ts';
import { startModelProcess, type ModelProcess } from './model-process.ts';
import { residentBytesWith } from '../memory/process-memory.ts';

export type EndReason = 'idle' | 'unload' | 'memory' | 'close';

export type ProcessEvent =
  | { readonly type: 'starting' }
  | {
      readonly type: 'ready';
      readonly modelPid: number;
      readonly model: EmbedderModel;
      readonly durationMs: number;
    }
  | { readonly type: 'start-failed'; readonly error: EmbeddingError; readonly retryInMs: number }
  | { readonly type: 'crashed'; readonly modelPid: number; readonly error: EmbeddingError }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly bytesReturned: number }
  /** A line of the process's standard error. */
  | { readonly type: 'output'; readonly line: string };

export interface ProcessSupervisorOptions {
  /** Called before every start: finds and checks the model, as the folder may have been repaired or replaced. */
  readonly identify: () => Promise<ModelFiles>;
  /** Called before every start: an error rejects the start, without back-off. */
  readonly rejectStart?: () => EmbeddingError | undefined;
  readonly onEvent?: (event: ProcessEvent) => void;
  /** Monotonic clock in ms. A wall clock that is set back would prolong the back-off. */
  readonly monotonicMs?: () => number;
}

export interface ProcessSupervisor {
  /** The running process, or a new one. Rejects with the `EmbeddingError` that says why there is none. */
  ensure(): Promise<ModelProcess>;
  running(): ModelProcess | undefined;
  state(): ModelState;
  /** Makes the next `ensure` start a process at once. */
  forgetBackOff(): void;
  /** Report the outcome of a text; consecutive crashes lead to a back-off. */
  noteSuccess(): void;
  noteCrash(error: EmbeddingError): void;
  /**
   * Kills and reaps the process; resolves with the resident bytes that were returned. A process that is starting is
   * waited for first, unless the reason is `close`: then it is killed, and no new one can be started.
   */
  end(reason: EndReason): Promise<number>;
  totals(): { readonly loads: number; readonly unloads: number; readonly bytesReturned: number };
  lastError(): { readonly code: string; readonly message: string; readonly at: string } | undefined;
}

const LONGEST_BACK_OFF_MS = 60_000;
/** A text gets two tries, so one text can cause two crashes in a row; a third one is not due to a text. */
const TOLERATED_CRASHES = 2;

export function createProcessSupervisor(options: ProcessSupervisorOptions): ProcessSupervisor {
  const { identify, rejectStart, onEvent = () => {}, monotonicMs = () => performance.now() } = options;
  const totals = { loads: 0, unloads: 0, bytesReturned: 0 };
  const closing = new AbortController();
  let running: ModelProcess | undefined;
  let starting: Promise<ModelProcess> | undefined;
  let failuresInARow = 0;
  let blockedUntilMs = Number.NEGATIVE_INFINITY;
  let failure: { error: EmbeddingError; at: string } | undefined;

  function backOff(error: EmbeddingError, failures: number): number {
    const delayMs = backOffMs(failures, LONGEST_BACK_OFF_MS);
    blockedUntilMs = monotonicMs() + delayMs;
    failure = { error, at: new Date().toISOString() };
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
      const child = await startModelProcess(files, {
        signal: closing.signal,
        onOutput: (line) => onEvent({ type: 'output', line }),
      });
      running = child;
      totals.loads += 1;
      failure = undefined;
      void forgetWhenGone(child);
      const { pid: modelPid, model } = child;
      onEvent({ type: 'ready', modelPid, model, durationMs: performance.now() - startedAt });
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
      if (failure && monotonicMs() < blockedUntilMs) throw failure.error;
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
      blockedUntilMs = Number.NEGATIVE_INFINITY;
    },
    noteSuccess() {
      failuresInARow = 0;
    },
    noteCrash(error) {
      failuresInARow += 1;
      onEvent({ type: 'crashed', modelPid: running?.pid ?? 0, error });
      running?.kill();
      running = undefined;
      if (failuresInARow <= TOLERATED_CRASHES) return;
      backOff(new EmbeddingError('embedder-backoff', error.message), failuresInARow - TOLERATED_CRASHES);
    },
    async end(reason) {
      if (reason === 'close') closing.abort();
      await starting?.catch(() => {});
      const child = running;
      if (!child) return 0;
      const bytesBefore = residentBytesWith(child.pid) ?? child.usage().rssBytes;
      running = undefined;
      child.kill();
      await child.exited;
      const bytesReturned = Math.max(0, bytesBefore - (residentBytesWith(child.pid) ?? 0));
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

/** A process that cannot be forked (no memory, no process ids) may be started later. */
function toEmbeddingError(cause: unknown): EmbeddingError {
  return cause instanceof EmbeddingError
    ? cause
    : new EmbeddingError('embedder-backoff', (cause as Error).message);
}
