/** Embeds the whole catalogue in the background, in the order of demand, without getting in anybody's way. */
import type { LazyEmbedding } from './embed-on-demand.ts';
import type { EmbeddingStore } from './embedding-store.ts';

export interface BackfillProgress {
  readonly state: 'idle' | 'running' | 'waiting' | 'stopped' | 'finished';
  /** Restaurants embedded by this run. */
  readonly done: number;
  readonly failed: number;
  /** What this run set out to embed: done, failed and what is left. */
  readonly total: number;
  readonly textsPerSecond: number;
  readonly estimatedSecondsLeft: number | null;
  readonly batchSize: number;
  readonly startedAt: string | null;
}

export interface Backfill {
  /** Starts, or lets a run go on; gives its progress. */
  start(request: { readonly batchSize: number }): Promise<BackfillProgress>;
  progress(): Promise<BackfillProgress>;
  /** Stops within one text. */
  stop(): Promise<BackfillProgress>;
  /** Goes on with the run that a restart interrupted. */
  resume(): Promise<void>;
  /** Ends the work without forgetting that it is unfinished. */
  close(): Promise<void>;
  /** Resolves when no run is under way. */
  whenDone(): Promise<void>;
}

export interface BackfillOptions {
  readonly store: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  /** Somebody waits for the model: background work holds back. */
  readonly isBusy: () => boolean;
  /** CPU time of the model process since its start, in µs. */
  readonly cpuMicros: () => number;
  /** Share of one core that the model process may use for this, in percent. */
  readonly cpuPercent: number;
  /** Remembers the batch size of an unfinished run over a restart; undefined when there is none. */
  readonly memory: {
    load(): Promise<number | undefined>;
    save(batchSize: number | undefined): Promise<void>;
  };
  readonly onProgress?: (progress: BackfillProgress) => void;
}

const PAGE = 200;
const BUSY_PAUSE_MS = 20;
const REFUSED_PAUSE_MS = 1_000;

export function createBackfill(options: BackfillOptions): Backfill {
  const { store, embedding, isBusy, cpuMicros, cpuPercent, memory, onProgress } = options;
  let state: BackfillProgress['state'] = 'idle';
  let run: Promise<void> | undefined;
  let stopping = new AbortController();
  let counts = { done: 0, failed: 0, batchSize: 3, startedAt: 0 };

  async function progress(): Promise<BackfillProgress> {
    const { total, ready } = await store.counts();
    const left = run ? total - ready : 0;
    const seconds = (Date.now() - counts.startedAt) / 1_000;
    const textsPerSecond = counts.done > 0 && seconds > 0 ? counts.done / seconds : 0;
    return {
      state,
      done: counts.done,
      failed: counts.failed,
      total: counts.done + counts.failed + Math.max(0, left - counts.failed),
      textsPerSecond: Math.round(textsPerSecond * 100) / 100,
      estimatedSecondsLeft: run && textsPerSecond > 0 ? Math.round(left / textsPerSecond) : null,
      batchSize: counts.batchSize,
      startedAt: counts.startedAt > 0 ? new Date(counts.startedAt).toISOString() : null,
    };
  }

  /** Waits so that the CPU used since the batch began stays within the share. */
  async function giveWay(cpuBefore: number, startedAt: number, signal: AbortSignal): Promise<void> {
    const usedMs = Math.max(0, cpuMicros() - cpuBefore) / 1_000;
    await pause((usedMs * 100) / cpuPercent - (performance.now() - startedAt), signal);
    while (isBusy() && !signal.aborted) await pause(BUSY_PAUSE_MS, signal);
  }

  async function embedBatch(ids: readonly number[], signal: AbortSignal): Promise<void> {
    for (const id of ids) {
      if (signal.aborted) return;
      const outcome = await embedding.embedOnDemand(id, { priority: 'background' });
      if (outcome.status === 'ready') counts.done += 1;
      else if (outcome.status === 'failed') counts.failed += 1;
      else if (outcome.status === 'pending') {
        state = 'waiting';
        await pause(REFUSED_PAUSE_MS, signal);
        return;
      }
    }
    state = 'running';
  }

  async function embedAll(signal: AbortSignal): Promise<void> {
    const { batchSize } = counts;
    for (;;) {
      const failedBefore = counts.failed;
      const doneBefore = counts.done;
      const ids = await store.listUnembedded(PAGE);
      for (let start = 0; start < ids.length && !signal.aborted; start += batchSize) {
        const cpuBefore = cpuMicros();
        const startedAt = performance.now();
        await embedBatch(ids.slice(start, start + batchSize), signal);
        onProgress?.(await progress());
        await giveWay(cpuBefore, startedAt, signal);
      }
      if (signal.aborted) return;
      // Nothing is left but what cannot be embedded now: the next read or run tries that again.
      const stuck = counts.done === doneBefore && counts.failed > failedBefore;
      if (ids.length === 0 || stuck) return;
    }
  }

  async function runUntilDone(signal: AbortSignal): Promise<void> {
    try {
      await embedAll(signal);
      if (!signal.aborted) {
        state = 'finished';
        await memory.save(undefined);
      }
    } finally {
      run = undefined;
      onProgress?.(await progress().catch(() => ({ state }) as BackfillProgress));
    }
  }

  function begin(batchSize: number): void {
    counts = { done: 0, failed: 0, batchSize, startedAt: Date.now() };
    stopping = new AbortController();
    state = 'running';
    run = runUntilDone(stopping.signal);
    run.catch(() => (state = 'stopped'));
  }

  return {
    async start({ batchSize }) {
      if (!run) {
        await memory.save(batchSize);
        begin(batchSize);
      }
      return progress();
    },
    progress,
    async stop() {
      stopping.abort();
      await run?.catch(() => {});
      if (state === 'running' || state === 'waiting') state = 'stopped';
      await memory.save(undefined);
      return progress();
    },
    async resume() {
      const batchSize = await memory.load();
      if (batchSize !== undefined && !run) begin(batchSize);
    },
    async close() {
      stopping.abort();
      await run?.catch(() => {});
    },
    async whenDone() {
      await run?.catch(() => {});
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (!(ms > 0) || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
