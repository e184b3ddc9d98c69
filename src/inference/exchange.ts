/** Requests to the model process: one at a time, each with one answer. */
import type { ChildProcess } from 'node:child_process';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { FromChild, ToChild } from './protocol.ts';

/**
 * Sends one message and resolves with the answer. Rejects with an `EmbeddingError`: `embedder-crashed` when the process
 * ends first, `timeout` (the process is killed) when there is no answer within `timeoutMs`.
 */
export type Exchange = (message: ToChild, timeoutMs: number) => Promise<FromChild>;

interface Waiting {
  resolve(answer: FromChild): void;
  reject(error: EmbeddingError): void;
}

/** Listens for as long as the process lives. */
export function openExchange(child: ChildProcess): Exchange {
  let waiting: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended: EmbeddingError | undefined;

  function settle(): Waiting | undefined {
    const current = waiting;
    waiting = undefined;
    clearTimeout(timer);
    return current;
  }
  function fail(why: string): void {
    ended ??= new EmbeddingError('embedder-crashed', why);
    settle()?.reject(ended);
  }
  child.on('message', (answer: FromChild) => settle()?.resolve(answer));
  child.on('exit', (code, signal) => fail(`the model process ended (${signal ?? `exit code ${code}`})`));
  child.on('error', (error) => fail(`the model process failed: ${error.message}`));

  return (message, timeoutMs) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      waiting = { resolve, reject };
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        settle()?.reject(new EmbeddingError('timeout', `no answer from the model within ${timeoutMs} ms`));
      }, timeoutMs);
      child.send(message, (error) => error && fail(`the model process failed: ${error.message}`));
    });
}
