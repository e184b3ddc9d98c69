/** A thread that makes a backup: checking a copy takes seconds, which the service's own thread does not have. */
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
