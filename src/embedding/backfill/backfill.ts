/** Embeds the whole catalogue in the background, in the order of demand, at the lowest priority. */
import { planBackfill } from './plan-backfill.ts';
import { describeRun, newRun, type BackfillProgress, type BackfillReason } from './backfill-progress.ts';
import type { CurrentModel } from '../current-model.ts';
import type { LazyEmbedding } from '../embed-on-demand.ts';
import { textFailureCodes } from '../embedding-error.ts';
import type { EmbeddingStore } from '../embedding-store.ts';
import { pause, startCpuThrottle, type CpuThrottleOptions } from './cpu-throttle.ts';

export type { BackfillProgress } from './backfill-progress.ts';

export interface Backfill {
  /** Starts a run unless there is one. Resolves with its progress once it is known how much there is to do. */
  start(request: { readonly batchSize: number }): Promise<BackfillProgress>;
  progress(): Promise<BackfillProgress>;
  /** Stops after the current text. */
  stop(): Promise<BackfillProgress>;
  /** Resumes the run that a restart interrupted. */
  resume(): Promise<void>;
  /** Ends the work of this process; the next start of the service resumes the run. */
  close(): Promise<void>;
  /** Resolves when there is no run. */
  whenDone(): Promise<void>;
}

export interface BackfillOptions extends CpuThrottleOptions {
  readonly store: Pick<EmbeddingStore, 'walkUnembedded'>;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  /** Remembers the batch size of an unfinished run over a restart; undefined when there is none. */
  readonly memory: {
    load(): Promise<number | undefined>;
    save(batchSize: number | undefined): Promise<void>;
  };
  /** Called with every change of state, and at most once a second while it progresses. */
  readonly onProgress?: (progress: BackfillProgress) => void;
  /** Called when the database cannot be read, and with unexpected errors. */
  readonly onError: (error: Error) => void;
  /** Stops the run after this many rejections in a row; by default it waits without limit. */
  readonly rejectionLimit?: number;
}

const REJECTED_PAUSE_MS = 1_000;
const PUBLISH_EVERY_MS = 1_000;
/** A row that cannot be read is skipped after this many tries. */
const UNREADABLE_TRIES = 3;

export function createBackfill(options: BackfillOptions): Backfill {
  const { store, embedding, currentModel, memory } = options;
  const { onProgress = () => {}, onError, rejectionLimit = Number.POSITIVE_INFINITY } = options;
  let run = newRun('idle', 3, 0);
  let running: Promise<void> | undefined;
  /** Resolves once it is known how much there is to do, or that it cannot be known now. */
  let planned: Promise<void> = Promise.resolve();
  let onPlanned: (() => void) | undefined;
  let stopping = new AbortController();
  let rejections = 0;
  let publishedAt = 0;

  const progress = () => describeRun(run, Date.now());

  function publish(): void {
    publishedAt = performance.now();
    onProgress(progress());
  }

  function enter(state: BackfillProgress['state'], reason?: BackfillReason): void {
    if (run.state === state && run.reason === reason) return;
    run.state = state;
    run.reason = reason;
    publish();
  }

  async function waitFor(reason: BackfillReason, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    rejections += 1;
    enter('waiting', reason);
    onPlanned?.();
    if (rejections >= rejectionLimit) stopping.abort();
    await pause(REJECTED_PAUSE_MS, signal);
  }

  /** Tries one row. Resolves with the transient reason for which it has to be tried again, if any. */
  async function rejectionOf(id: number, attempt: number): Promise<BackfillReason | undefined> {
    try {
      const outcome = await embedding.embedOnDemand(id, { priority: 'background' });
      if (outcome.status === 'ready') run.done += 1;
      else if (outcome.status !== 'gone' && outcome.reason !== 'in-progress') {
        if (!textFailureCodes.has(outcome.reason)) return outcome.reason;
        run.failed.add(id);
      }
    } catch (error) {
      onError(error as Error);
      if (attempt < UNREADABLE_TRIES) return 'unreadable';
      run.failed.add(id);
    }
    run.left = Math.max(0, run.left - 1);
    return undefined;
  }

  async function embedOne(id: number, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const rejection = await rejectionOf(id, attempt);
      if (rejection === undefined) {
        rejections = 0;
        if (!signal.aborted) enter('running');
        return;
      }
      await waitFor(rejection, signal);
    }
  }

  async function plan(signal: AbortSignal): Promise<readonly number[]> {
    while (!signal.aborted) {
      try {
        return await planBackfill(store, currentModel.version(), run.failed, signal);
      } catch (error) {
        onError(error as Error);
        await waitFor('unreadable', signal);
      }
    }
    return [];
  }

  async function embedAll(signal: AbortSignal): Promise<void> {
    // Walks again until nothing is found: rows may have been added or edited meanwhile.
    for (;;) {
      const ids = await plan(signal);
      if (signal.aborted) return;
      run.left = ids.length;
      onPlanned?.();
      if (ids.length === 0) return;
      for (let start = 0; start < ids.length && !signal.aborted;) {
        const throttle = startCpuThrottle(options);
        const end = start + (options.batchOf?.(run.batchSize) ?? run.batchSize);
        for (const id of ids.slice(start, end)) await embedOne(id, signal);
        start = end;
        if (performance.now() - publishedAt >= PUBLISH_EVERY_MS) publish();
        await throttle(signal);
      }
    }
  }

  async function runUntilDone(signal: AbortSignal): Promise<void> {
    let isDone = false;
    try {
      await embedAll(signal);
      isDone = !signal.aborted;
      if (isDone) await memory.save(undefined);
    } catch (error) {
      onError(error as Error);
    } finally {
      running = undefined;
      onPlanned?.();
      run.endedAt = Date.now();
      enter(isDone ? 'finished' : 'stopped', isDone ? undefined : run.reason);
    }
  }

  function begin(batchSize: number): void {
    if (running) return;
    run = newRun('running', batchSize, Date.now());
    stopping = new AbortController();
    rejections = 0;
    planned = new Promise<void>((resolve) => {
      onPlanned = resolve;
    });
    running = runUntilDone(stopping.signal);
  }

  return {
    async start({ batchSize }) {
      if (!running) {
        await memory.save(batchSize);
        begin(batchSize);
      }
      await planned;
      return progress();
    },
    progress: async () => progress(),
    async stop() {
      stopping.abort();
      await running;
      await memory.save(undefined);
      return progress();
    },
    async resume() {
      const batchSize = await memory.load();
      if (batchSize !== undefined) begin(batchSize);
    },
    async close() {
      stopping.abort();
      await running;
    },
    async whenDone() {
      await running;
    },
  };
}
