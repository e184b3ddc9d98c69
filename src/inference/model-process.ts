/** One run of the child process, from its start to its end, seen from the parent. */
import { fork, type ChildProcess } from 'node:child_process';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { ModelFiles } from './model-files.ts';
import type { FromChild, ToChild } from './protocol.ts';

export interface ModelProcess {
  readonly pid: number;
  /** Resolves when the process is gone and reaped. */
  readonly exited: Promise<void>;
  /** CPU time in µs and resident bytes as the child last said. */
  usage(): { readonly cpuMicros: number; readonly rssBytes: number };
  /**
   * One text at a time. Rejects with an `EmbeddingError`: `timeout` (the process is killed), `embedder-crashed`,
   * `invalid-vector`.
   */
  embed(text: string, timeoutMs: number): Promise<Float32Array>;
  kill(): void;
}

const entry = new URL('embedder-process.js', import.meta.url);

/** Small semi-space and one malloc arena: measured to keep the process at about 105 MB, 36 MB of it anonymous. */
const execArgv = ['--max-semi-space-size=1', '--max-old-space-size=64'];
const environment = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };

const START_TIMEOUT_MS = 30_000;

/**
 * Resolves when the model can run. Rejects with an `EmbeddingError`: `model-load-failed` when the files cannot be
 * used, `embedder-backoff` when the process died or hung on the way, which may pass. `signal` kills it on the way.
 */
export async function startModelProcess(files: ModelFiles, signal: AbortSignal): Promise<ModelProcess> {
  const child = fork(entry, {
    execArgv,
    // Nothing else of the parent's environment: the child needs no keys.
    env: { ...environment, PATH: process.env['PATH'] },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const usage = { cpuMicros: 0, rssBytes: 0 };
  const { graphPath, tokenizerPath, tokenizerConfigPath, maxTokens } = files;
  const start: ToChild = { type: 'start', graphPath, tokenizerPath, tokenizerConfigPath, maxTokens };
  try {
    const answer = await exchange(child, start, START_TIMEOUT_MS);
    if (answer.type === 'load-failed') throw new EmbeddingError('model-load-failed', answer.message);
  } catch (error) {
    kill();
    await exited;
    const { code, message } = error as EmbeddingError;
    throw code === 'model-load-failed' ? error : new EmbeddingError('embedder-backoff', message);
  } finally {
    signal.removeEventListener('abort', kill);
  }
  return {
    pid: child.pid ?? 0,
    exited,
    usage: () => usage,
    kill,
    async embed(text, timeoutMs) {
      const reply = await exchange(child, { type: 'embed', text }, timeoutMs);
      if (reply.type !== 'embedded') {
        throw new EmbeddingError(
          'invalid-vector',
          'message' in reply ? reply.message : `unexpected ${reply.type}`,
        );
      }
      usage.cpuMicros = reply.cpuMicros;
      usage.rssBytes = reply.rssBytes;
      checkVector(reply.vector, files.dimensions);
      return reply.vector;
    },
  };
}

/** Sends one message and waits for one answer, the end of the child, or the end of patience. */
function exchange(child: ChildProcess, message: ToChild, timeoutMs: number): Promise<FromChild> {
  return new Promise((resolve, reject) => {
    const fail = (code: 'timeout' | 'embedder-crashed', why: string) => {
      settle();
      reject(new EmbeddingError(code, why));
    };
    const onMessage = (answer: FromChild) => {
      settle();
      resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null) =>
      fail('embedder-crashed', `the model process ended (${signal ?? `exit code ${code}`})`);
    const onError = (error: Error) => fail('embedder-crashed', `the model process failed: ${error.message}`);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('timeout', `no answer from the model within ${timeoutMs} ms`);
    }, timeoutMs);
    function settle(): void {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
    }
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    child.send(message, (error) => error && onError(error));
  });
}

/** A vector that is not finite, not of unit length or of the wrong size must never be stored. */
export function checkVector(vector: unknown, dimensions: number): asserts vector is Float32Array {
  if (!(vector instanceof Float32Array) || vector.length !== dimensions) {
    throw new EmbeddingError('invalid-vector', `the model did not give ${dimensions} float32 numbers`);
  }
  const length = Math.hypot(...vector);
  if (!(Math.abs(length - 1) < 1e-3)) {
    throw new EmbeddingError('invalid-vector', `the model gave a vector of length ${length}, not 1`);
  }
}
