/**
 * Two exports of 100,000 rows at once, without a key: warm reads of another client meanwhile, and SIGTERM while two
 * exports are open that nobody reads. Goals: p99 of reads at most twice that without exports, +40 MB, end within 5 s.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  percentile,
  processMb,
  root,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const ROWS = 100_000;
const READ_EVERY_MS = 5;
const READS = 1_000;
const program = process.argv[2] ?? root;
const service = await startService({ folder: temporaryFolder(), program });
const rows = [...syntheticRestaurants(ROWS)];
for (let start = 0; start < ROWS; start += 10_000) {
  const lines = toNdjson(rows.slice(start, start + 10_000));
  await service.request('POST', '/restaurants/import', lines, 'application/x-ndjson');
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Durations in ms of reads at a fixed rate on one connection, until `isOver`. */
async function readUntil(isOver) {
  const times = [];
  while (!isOver(times.length)) {
    times.push((await service.getLean('/restaurants/1')).ms);
    await pause(READ_EVERY_MS);
  }
  return times;
}

/** In its own process, so that it does not delay the reads that are measured. */
async function exportOnce() {
  const curl = spawn('curl', ['-sf', '-o', '/dev/null', `${service.url}/restaurants/export`]);
  const [code] = await once(curl, 'exit');
  return code === 0;
}

await readUntil((count) => count >= READS);
const idle = await readUntil((count) => count >= READS);
const before = processMb(service.pid);
let running = 2;
let exports = 0;
let highest = before;
const exporters = [1, 2].map(async () => {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    if (await exportOnce()) exports += 1;
    highest = Math.max(highest, processMb(service.pid));
  }
  running -= 1;
});
const during = await readUntil(() => running === 0);
await Promise.all(exporters);
const format = (times) =>
  `p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms`;
const ratio = percentile(during, 0.99) / percentile(idle, 0.99);
console.log(
  `warm reads: alone ${format(idle)}; during two exports ${format(during)} (p99 × ${ratio.toFixed(1)}; goal 2)`,
);
console.log(
  `${exports} exports of ${ROWS} rows in 10 s; memory +${(highest - before).toFixed(0)} MB (goal 40)`,
);

const { hostname, port } = new URL(service.url);
for (let i = 0; i < 2; i += 1) {
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}).write('GET /restaurants/export HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('readable', resolve));
}
const stoppedAt = performance.now();
await service.stop();
console.log(
  `SIGTERM with two exports that nobody reads: ended after ${((performance.now() - stoppedAt) / 1_000).toFixed(1)} s (goal 5)`,
);
process.exit(0);
