/**
 * Two exports of 100,000 rows at once, without a key, again and again: warm reads of another client meanwhile, and the
 * memory of the service. Then SIGTERM while two exports are open that nobody reads. Exits with 1 when a goal is missed.
 * `torture-exports.mjs [FOLDER]` measures the service that is built in another folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { goalsHeading, tell } from './goals.mjs';
import { startProbe } from './probe.mjs';
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
/** With and without exports in turn, so that other load on the machine affects both. */
const ROUNDS = 4;
const ROUND_MS = 5_000;
const SAMPLE_EVERY_MS = 50;

const program = process.argv[2] ?? root;
const service = await startService({ folder: temporaryFolder(), program });
const rows = [...syntheticRestaurants(ROWS)];
for (let start = 0; start < ROWS; start += 10_000) {
  const lines = toNdjson(rows.slice(start, start + 10_000));
  await service.request('POST', '/restaurants/import', lines, 'application/x-ndjson');
}
await service.get('/restaurants/1');

/** Durations in ms of the reads that are answered during a round. */
async function readForARound() {
  const stop = startProbe(service.url, '/restaurants/1', { pauseMs: 5, ids: 1 });
  await wait(ROUND_MS);
  const answers = await stop();
  if (answers.some(({ status }) => status !== 200)) throw new Error('a read was not answered 200');
  return answers.map(({ ms }) => ms);
}

/** Two exports, each in its own process; a completed one is followed by the next. Returns a function that ends them. */
function startExports() {
  let isOver = false;
  let complete = 0;
  const current = [];
  const exporters = [0, 1].map(async (i) => {
    while (!isOver) {
      current[i] = spawn('curl', ['-sf', '-o', '/dev/null', `${service.url}/restaurants/export`]);
      const [code] = await once(current[i], 'exit');
      if (code === 0) complete += 1;
    }
  });
  return async () => {
    isOver = true;
    for (const curl of current) curl.kill();
    await Promise.all(exporters);
    return complete;
  };
}

// The code of reads and exports is compiled, and the heap has grown to what they need.
const before = processMb(service.pid);
let highest = before;
const sampling = setInterval(() => {
  highest = Math.max(highest, processMb(service.pid));
}, SAMPLE_EVERY_MS);
const stopWarmUp = startExports();
await readForARound();
await stopWarmUp();
const idle = [];
const during = [];
let complete = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  idle.push(...(await readForARound()));
  const stop = startExports();
  during.push(...(await readForARound()));
  complete += await stop();
}
clearInterval(sampling);

const { hostname, port } = new URL(service.url);
for (let i = 0; i < 2; i += 1) {
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}).write('GET /restaurants/export HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
}
const stoppedAt = performance.now();
await service.stop();
const stopSeconds = (performance.now() - stoppedAt) / 1_000;

goalsHeading(`two exports of ${ROWS} rows at once`);
tell('warm reads alone, p50', percentile(idle, 0.5), 'ms');
tell('… p99', percentile(idle, 0.99), 'ms');
tell('warm reads during two exports, p50', percentile(during, 0.5), 'ms');
tell('… p99', percentile(during, 0.99), 'ms');
const outcomes = [
  tell('… p99 against alone', percentile(during, 0.99) / percentile(idle, 0.99), '×', { atMost: 2 }),
  tell('resident memory', highest - before, 'MB more', { atMost: 40 }),
  tell('SIGTERM with two exports that nobody reads', stopSeconds, 's', { atMost: 5 }),
];
tell(`exports completed in ${(ROUNDS * ROUND_MS) / 1_000} s`, complete);
process.exit(outcomes.every(Boolean) ? 0 : 1);
