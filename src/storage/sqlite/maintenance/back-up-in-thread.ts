/** Backups of a running service, made in a worker thread. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StorageError, type StorageErrorCode } from '../../../catalog/storage-error.ts';

type Answer = { readonly done: true } | { readonly code: StorageErrorCode; readonly message: string };

/** Writes a checked copy of the database at `source` to `target`. Rejects with a `StorageError`. */
export async function backUpInThread(source: string, target: string): Promise<void> {
  const worker = new Worker(new URL('./backup-worker.js', import.meta.url), {
    workerData: { source, target },
  });
  try {
    const [answer] = (await once(worker, 'message')) as [Answer];
    if ('code' in answer) throw new StorageError(answer.code, answer.message);
  } finally {
    await worker.terminate();
  }
}
