/**
 * What the attacks of `torture-*.mjs` share: a service on a seeded database, warm reads of another client before and
 * during the attack, the service's memory on a timer, and a table with goals. Every one takes `--service DIR`, the
 * folder of another built version of the service, for figures before and after a change.
 */
import { connect } from 'node:net';
import { resolve as resolvePath } from 'node:path';
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

const at = process.argv.indexOf('--service');
/** The folder of the attacked service. */
export const program = at === -1 ? root : resolvePath(process.argv[at + 1]);

/** Rows with a vector, which the other client reads. */
const WARM = 200;
const IDLE_SECONDS = 5;
const SAMPLE_EVERY_MS = 50;
const IMPORT_ROWS = 10_000;
const REPLACED_AFTER_MS = 1_000;
const warmRead = { path: '/restaurants/{id}', ids: WARM };

export async function importRows(service, rows) {
  for (let start = 0; start < rows.length; start += IMPORT_ROWS) {
    const lines = toNdjson(rows.slice(start, start + IMPORT_ROWS));
    await service.request('POST', '/restaurants/import', lines, 'application/x-ndjson');
  }
}

/**
 * Starts a service with so many rows, reads some of them until it is warm, and measures it idle. The other client keeps
 * its connection, or has a `new` one for each request.
 */
export async function openTarget({ rows = 1_000, environment = {}, connection = 'kept' } = {}) {
  const service = await startService({ folder: temporaryFolder(), program, environment });
  await importRows(service, [...syntheticRestaurants(rows)]);
  for (let id = 1; id <= WARM; id += 1) await service.get(`/restaurants/${id}`);
  // The heap grows to what warm reads need before it is measured.
  for (let i = 0; i < 3_000; i += 1) await service.getLean(`/restaurants/${1 + (i % WARM)}`);
  const { hostname, port } = new URL(service.url);
  const target = { ...service, port: Number(port), hostname, connection, idleP99Ms: 0, idleMb: 0 };
  const idle = await watch(target, () => wait(IDLE_SECONDS * 1_000));
  return { ...target, idleP99Ms: p99(idle.reads), idleMb: idle.peakMb };
}

/**
 * Runs the attack while another client reads warm rows and asks `/healthz`. `reads` and `health` are `{status, ms}` of
 * its answers; `peakMb` and `grownMb` are the resident memory of the service, `grownMb` beyond the idle service's.
 */
export async function watch(target, attack) {
  const { connection } = target;
  const reading = startProbe(target.url, warmRead.path, { ids: warmRead.ids, connection });
  const checking = startProbe(target.url, '/healthz', { pauseMs: 50, connection });
  let peakMb = processMb(target.pid);
  const sample = () => (peakMb = Math.max(peakMb, processMb(target.pid)));
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  const result = await attack();
  const [reads, health] = await Promise.all([reading(), checking()]);
  clearInterval(timer);
  sample();
  return { result, reads, health, peakMb, grownMb: peakMb - target.idleMb };
}

export const p99 = (answers) =>
  percentile(
    answers.map(({ ms }) => ms),
    0.99,
  );
export const slowestMs = (answers) => answers.reduce((most, { ms }) => Math.max(most, ms), 0);
export const notOk = (answers) => answers.filter(({ status }) => status < 200 || status > 299).length;

/** Prints the lines that all attacks have; gives whether their goals are met. Goals: 5 × idle and +40 MB unless told. */
export function tellOutcome(what, target, outcome, { mostMb = 40, mostTimes, mostMs, mostHealthMs } = {}) {
  const { reads, health, grownMb, peakMb } = outcome;
  console.log(`\n## ${what}\n`);
  goalsHeading(what);
  tell('warm reads of another client, idle, p99', target.idleP99Ms, 'ms');
  const times = mostTimes ?? (mostMs === undefined ? 5 : undefined);
  const limit = (atMost) => (atMost === undefined ? {} : { atMost });
  const outcomes = [
    tell('… during the attack, p99', p99(reads), 'ms', limit(mostMs)),
    tell('… to idle', p99(reads) / target.idleP99Ms, '×', limit(times)),
    tell('… slowest', slowestMs(reads), 'ms'),
    tell('… not answered 200', notOk(reads), `of ${reads.length}`, { atMost: 0 }),
    tell('/healthz, slowest', slowestMs(health), 'ms', limit(mostHealthMs)),
    tell('/healthz not answered 200', notOk(health), `of ${health.length}`, { atMost: 0 }),
    tell('resident memory of the service, highest', peakMb, 'MB'),
    tell('… beyond idle', grownMb, 'MB', { atMost: mostMb }),
  ];
  return outcomes.every(Boolean);
}

/** A connection whose errors are ignored: the service may close it at any time. */
export const openSocket = ({ port, hostname }) =>
  new Promise((resolve) => {
    const socket = connect(port, hostname, () => resolve(socket));
    socket.on('error', () => {}).once('close', () => resolve(socket));
  });

export const openSockets = (target, count) =>
  Promise.all(Array.from({ length: count }, () => openSocket(target)));

/** Keeps `count` connections open for so long: one that is closed is replaced after a while. `use` is called with each. */
export async function keepSockets(target, count, seconds, use) {
  const end = performance.now() + seconds * 1_000;
  const opened = { connections: 0 };
  const keepOne = async () => {
    while (performance.now() < end) {
      const socket = await openSocket(target);
      opened.connections += 1;
      use(socket);
      const left = Math.max(1, end - performance.now());
      const stop = new AbortController();
      await Promise.race([
        new Promise((resolve) => socket.once('close', resolve)),
        wait(left, undefined, { signal: stop.signal }).catch(() => {}),
      ]);
      stop.abort();
      socket.destroy();
      await wait(REPLACED_AFTER_MS);
    }
  };
  await Promise.all(Array.from({ length: count }, keepOne));
  return opened;
}
