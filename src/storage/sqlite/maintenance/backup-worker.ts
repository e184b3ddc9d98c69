/** The worker thread of a backup: checking a copy would block the event loop for seconds. */
import { parentPort, workerData } from 'node:worker_threads';
import { StorageError } from '../../../catalog/storage-error.ts';
import { backUp } from './backup.ts';

const { source, target } = workerData as { readonly source: string; readonly target: string };
await backUp(source, target).then(
  () => parentPort?.postMessage({ done: true }),
  (error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
    parentPort?.postMessage({ code: error.code, message: error.message });
  },
);
