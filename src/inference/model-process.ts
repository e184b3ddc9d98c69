/** One run of the model process, from its start to its end, seen from the service. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { EmbedderModel } from '../embedding/embedder.ts';
import { EmbeddingError, type EmbeddingErrorCode } from '../embedding/embedding-error.ts';
import { checkVector } from './check-vector.ts';
import { openExchange, type Exchange } from './exchange.ts';
import type { ModelFiles } from './model-files.ts';
import type { FailureCause, FromChild } from './protocol.ts';

export interface ModelProcess {
  readonly pid: number;
  /** The model that it was started with. */
  readonly model: EmbedderModel;
  /** Resolves when the process is gone and reaped. */
  readonly exited: Promise<void>;
  /** CPU time in µs since its start and resident bytes, as of its last answer. */
  usage(): { readonly cpuMicros: number; readonly rssBytes: number };
  /**
   * One text at a time. Rejects with an `EmbeddingError`: `timeout` (the process is killed), `embedder-crashed`,
   * `memory`, `embedder-backoff` (the model no longer works for any text), `inference-failed`, `invalid-vector`.
   */
  embed(text: string, timeoutMs: number): Promise<Float32Array>;
  kill(): void;
}

export interface StartOptions {
  /** Kills the process while it starts. */
  readonly signal: AbortSignal;
  /** Receives what the process writes to its standard error, line by line, without escape sequences. */
  readonly onOutput: (line: string) => void;
}

const entry = new URL('embedder-process.js', import.meta.url);

const execArgv = ['--max-semi-space-size=1', '--max-old-space-size=64'];
/**
 * One malloc arena keeps the process small. The thresholds let malloc reuse the buffers of the last inference: with
 * glibc's smaller ones every inference maps and unmaps them, 300 page faults and 0.45 ms more, for 2 MB less.
 */
const environment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  MALLOC_MMAP_THRESHOLD_: '4194304',
};

const START_TIMEOUT_MS = 30_000;
const LONGEST_LINE = 2_000;

const codeOfCause: Record<FailureCause, EmbeddingErrorCode> = {
  memory: 'memory',
  model: 'embedder-backoff',
  text: 'inference-failed',
};

/**
 * Resolves when the model has embedded a text. Rejects with an `EmbeddingError`: `model-load-failed` when the files
 * cannot be used, `memory`, or `embedder-backoff` when the process died or hung, which may be transient.
 */
export async function startModelProcess(
  files: ModelFiles,
  { signal, onOutput }: StartOptions,
): Promise<ModelProcess> {
  const child = fork(entry, {
    execArgv,
    // Nothing else of the parent's environment, which contains keys.
    env: { ...environment, PATH: process.env['PATH'] },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  forwardLines(child, onOutput);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const exchange = openExchange(child);
  try {
    await load(exchange, files);
  } catch (error) {
    kill();
    await exited;
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
  }
  const usage = { cpuMicros: 0, rssBytes: 0 };
  return {
    pid: child.pid ?? 0,
    model: { model: files.name, sha256: files.sha256, dimensions: files.dimensions },
    exited,
    usage: () => usage,
    kill,
    async embed(text, timeoutMs) {
      const answer = await exchange({ type: 'embed', text }, timeoutMs);
      if (answer.type !== 'embedded') throw failureOf(answer);
      usage.cpuMicros = answer.cpuMicros;
      usage.rssBytes = answer.rssBytes;
      checkVector(answer.vector, files.dimensions);
      return answer.vector;
    },
  };
}

async function load(exchange: Exchange, files: ModelFiles): Promise<void> {
  const { graphPath, tokenizerPath, tokenizerConfigPath, maxTokens, dimensions } = files;
  const start = { type: 'start', graphPath, tokenizerPath, tokenizerConfigPath, maxTokens } as const;
  const answer = await exchange(start, START_TIMEOUT_MS).catch((error: Error) => {
    throw new EmbeddingError('embedder-backoff', error.message);
  });
  try {
    if (answer.type !== 'ready') throw failureOf(answer);
    checkVector(answer.vector, dimensions);
  } catch (error) {
    const { code, message } = error as EmbeddingError;
    throw new EmbeddingError(code === 'memory' ? code : 'model-load-failed', message);
  }
}

function failureOf(answer: FromChild): EmbeddingError {
  if (answer.type === 'failed') return new EmbeddingError(codeOfCause[answer.cause], answer.message);
  return new EmbeddingError('embedder-backoff', `unexpected answer of the model process: ${answer.type}`);
}

function forwardLines({ stderr }: ChildProcess, onOutput: (line: string) => void): void {
  if (!stderr) return;
  createInterface({ input: stderr }).on('line', (line) => {
    const text = stripVTControlCharacters(line).trim();
    if (text) onOutput(text.slice(0, LONGEST_LINE));
  });
}
