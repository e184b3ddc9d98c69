/** A worker that opens a database in the same instant as its siblings. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../../src/storage/sqlite/connection/open-database.ts';

const { path, barrier, workers } = workerData as {
  readonly path: string;
  readonly barrier: Int32Array;
  readonly workers: number;
};

if (Atomics.add(barrier, 0, 1) === workers - 1) Atomics.notify(barrier, 0);
while (Atomics.load(barrier, 0) < workers) Atomics.wait(barrier, 0, Atomics.load(barrier, 0), 1_000);
try {
  openDatabase(path).close();
  parentPort?.postMessage('opened');
} catch (error) {
  parentPort?.postMessage((error as Error).message);
}
