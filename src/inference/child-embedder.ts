/** The Embedder port on the model process: a bounded queue by priority, one text at a time. */
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { EmbeddedText, Embedder, Priority } from '../embedding/embedder.ts';
import type { ModelProcess } from './model-process.ts';
import {
  createProcessSupervisor,
  type EndReason,
  type ProcessSupervisorOptions,
} from './process-supervisor.ts';
import { readProcessMemory, type ProcessMemory } from '../memory/process-memory.ts';
import { createTextQueue, type WaitingText } from './text-queue.ts';

export interface ChildEmbedderOptions extends ProcessSupervisorOptions {
  /** Texts that may wait; one more is rejected with `queue-full`. */
  readonly queueLimit: number;
  /** How long one text may take before the process is killed, in ms. */
  readonly timeoutMs: number;
  /** The process ends after this long without work, in seconds; 0 keeps it. */
  readonly idleSeconds: number;
  /** Called for every background text: an error rejects it. */
  readonly rejectBackground?: () => EmbeddingError | undefined;
}

export interface ChildEmbedder extends Embedder {
  /** Like `unload`, with the reason for the log. */
  end(reason: EndReason): Promise<number>;
  /** Memory of the model process; undefined when there is none, or no /proc. */
  childMemory(): (ProcessMemory & { readonly pid: number }) | undefined;
  /** CPU time of the model process since its start in µs, as it last reported; 0 when there is none. */
  cpuMicros(): number;
  /** True while a read or a query waits or runs. */
  hasUrgentWork(): boolean;
}

/** Share of the queue for the texts of one client, so that there is room for others. */
const CLIENT_SHARE = 0.25;

export function createChildEmbedder(options: ChildEmbedderOptions): ChildEmbedder {
  const { queueLimit, timeoutMs, idleSeconds, rejectBackground = () => undefined } = options;
  const clientLimit = Math.ceil(queueLimit * CLIENT_SHARE);
  const supervisor = createProcessSupervisor(options);
  const queue = createTextQueue();
  let current: WaitingText | undefined;
  let currentRun: Promise<void> = Promise.resolve();
  let ending: Promise<number> | undefined;
  let pumping = false;
  let closed = false;
  let inferences = 0;
  let idleTimer: NodeJS.Timeout | undefined;

  async function run(child: ModelProcess, item: WaitingText): Promise<void> {
    const startedAt = performance.now();
    try {
      const vector = await child.embed(item.text, timeoutMs);
      inferences += 1;
      supervisor.noteSuccess();
      const timing = { waitMs: startedAt - item.queuedAt, inferenceMs: performance.now() - startedAt };
      item.resolve({ vector, model: child.model, timing });
    } catch (error) {
      handleFailure(item, error as EmbeddingError);
    }
  }

  function handleFailure(item: WaitingText, error: EmbeddingError): void {
    // Killed by the shutdown: not a crash.
    if (closed) return item.reject(closing());
    const isUnusable = error.code === 'embedder-crashed' || error.code === 'embedder-backoff';
    if (isUnusable || error.code === 'timeout') supervisor.noteCrash(error);
    if (isUnusable && !item.retried) {
      item.retried = true;
      queue.pushFirst(item);
    } else item.reject(error);
  }

  function queueRejection(client: string | undefined): EmbeddingError | undefined {
    if (queue.size >= queueLimit) {
      return new EmbeddingError('queue-full', `${queueLimit} texts are waiting already`);
    }
    if (client === undefined || queue.sizeOf(client) < clientLimit) return undefined;
    return new EmbeddingError('queue-full', `${clientLimit} texts of this client are waiting already`);
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    clearTimeout(idleTimer);
    for (;;) {
      await ending;
      if (closed || queue.size === 0) break;
      let child: ModelProcess;
      try {
        child = await supervisor.ensure();
      } catch (error) {
        // Without a process every waiting text fails for the same reason.
        for (const item of queue.takeAll()) item.reject(error as Error);
        break;
      }
      // The process was asked to end while it was starting.
      if (ending) continue;
      current = queue.take();
      if (!current) break;
      currentRun = run(child, current);
      await currentRun;
      current = undefined;
    }
    pumping = false;
    if (!closed && idleSeconds > 0 && supervisor.running()) {
      idleTimer = setTimeout(() => void end('idle'), idleSeconds * 1_000);
      idleTimer.unref();
    }
  }

  function end(reason: EndReason): Promise<number> {
    clearTimeout(idleTimer);
    ending ??= currentRun
      .then(() => supervisor.end(reason))
      .finally(() => {
        ending = undefined;
      });
    return ending;
  }

  return {
    embed(text, priority, client) {
      const { promise, item } = waitingText(text, priority, client);
      const rejection = closed
        ? closing()
        : ((priority === 'background' ? rejectBackground() : undefined) ?? queueRejection(client));
      if (rejection) item.reject(rejection);
      else {
        queue.push(item);
        void pump();
      }
      return { result: promise, promote: (higher) => queue.promote(item, higher) };
    },
    status() {
      const child = supervisor.running();
      const lastError = supervisor.lastError();
      return {
        state: supervisor.state(),
        inferences,
        queued: queue.size + (current ? 1 : 0),
        memoryBytes: child ? (readProcessMemory(child.pid)?.rssBytes ?? child.usage().rssBytes) : 0,
        ...supervisor.totals(),
        ...(lastError && { lastError }),
      };
    },
    async load() {
      if (closed) throw closing();
      supervisor.forgetBackOff();
      await supervisor.ensure();
      void pump();
    },
    unload: () => end('unload'),
    end,
    async close() {
      closed = true;
      clearTimeout(idleTimer);
      for (const item of queue.takeAll()) item.reject(closing());
      await supervisor.end('close');
      await currentRun;
    },
    childMemory() {
      const child = supervisor.running();
      const memory = child && readProcessMemory(child.pid);
      return memory && { ...memory, pid: child.pid };
    },
    cpuMicros: () => supervisor.running()?.usage().cpuMicros ?? 0,
    hasUrgentWork: () => queue.hasUrgent() || current?.priority === 'read' || current?.priority === 'query',
  };
}

const closing = () => new EmbeddingError('closing', 'the service is shutting down');

function waitingText(text: string, priority: Priority, client: string | undefined) {
  let resolve!: WaitingText['resolve'];
  let reject!: WaitingText['reject'];
  const promise = new Promise<EmbeddedText>((onResult, onError) => {
    resolve = onResult;
    reject = onError;
  });
  promise.catch(() => {}); // Without a waiting caller the rejection would be unhandled.
  const queuedAt = performance.now();
  return {
    promise,
    item: { text, priority, client, queuedAt, retried: false, resolve, reject } satisfies WaitingText,
  };
}
