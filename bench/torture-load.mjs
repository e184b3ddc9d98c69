/**
 * Mixed load at the knee and at twice the knee, five minutes each: no crash, flat memory, overload refused quickly, plain
 * reads still answered. The knee is the most that a closed loop of 64 connections gets through.
 */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import {
  percentile,
  processMb,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const SECONDS = Number(process.argv[2] ?? 300);
const ROWS = 5_000;
execFileSync('taskset', ['-pc', '1', String(process.pid)]);
const service = await startService({
  folder: temporaryFolder(),
  environment: { EMBED_WAIT_MS: '500', TOP_UP_MS: '20' },
  // The service with its model on one core, all that asks on the other.
  before: 'taskset -pc 0 $$ >/dev/null',
});
await service.request(
  'POST',
  '/restaurants/import',
  toNdjson(syntheticRestaurants(ROWS)),
  'application/x-ndjson',
);
for (let id = 1; id <= 1_000; id += 1) await service.get(`/restaurants/${id}`);

let cold = 1_000;
const next = () => (cold = cold < ROWS ? cold + 1 : 1_001);
const warm = () => 1 + Math.floor(Math.random() * 1_000);
const request = (path) => ({ setupRequest: (own) => ({ ...own, path: path() }) });
const mix = [
  ...Array.from({ length: 14 }, () => request(() => `/restaurants/${warm()}`)),
  ...Array.from({ length: 3 }, () => request(() => '/restaurants?limit=20&minRating=4')),
  request(() => `/restaurants/${warm()}/similar`),
  request(() => `/search?q=queijo${warm()}`),
  request(() => `/restaurants/${next()}`),
];
const load = (options) => autocannon({ url: service.url, requests: mix, ...options });

const probe = promisify(execFile);
const probed = async (seconds, path, pauseMs) => {
  const file = new URL('probe.mjs', import.meta.url).pathname;
  const { stdout } = await probe(process.execPath, [file, service.url, path, seconds, pauseMs].map(String), {
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout);
};
const p99 = (answers) =>
  percentile(
    answers.map(({ ms }) => ms),
    0.99,
  );

/** MB a minute, least squares over the last four fifths. */
function slope(samples) {
  const part = samples.slice(Math.floor(samples.length / 5));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(part.map(({ at }) => at)), mean(part.map(({ mb }) => mb))];
  return (
    part.reduce((sum, { at, mb }) => sum + (at - x) * (mb - y), 0) /
    part.reduce((sum, { at }) => sum + (at - x) ** 2, 0)
  );
}

const idle = await probed(5, '/restaurants/{id}', 5);
const closed = await load({ connections: 64, duration: 10 });
const knee = Math.round(closed.requests.average);
console.log(`knee: ${knee} requests a second; warm p99 idle ${p99(idle).toFixed(1)} ms`);
for (const factor of [1, 2]) {
  const samples = [];
  const startedAt = Date.now();
  const watch = setInterval(
    () => samples.push({ at: (Date.now() - startedAt) / 60_000, mb: processMb(service.pid) }),
    1_000,
  );
  const [result, reads, searches] = await Promise.all([
    load({ connections: 64 * factor, duration: SECONDS, overallRate: knee * factor }),
    probed(SECONDS, '/restaurants/{id}', 20),
    probed(SECONDS, '/search?q={id}', 50),
  ]);
  clearInterval(watch);
  const refused = searches.filter(({ status }) => status === 503);
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(
    ([status, { count }]) => `${status}: ${count}`,
  );
  console.log(
    `${factor} × knee, ${SECONDS} s: ${statuses.join(', ')}; errors ${result.errors}, timeouts ${result.timeouts}`,
  );
  console.log(
    `  warm reads: p99 ${p99(reads).toFixed(1)} ms, ${(p99(reads) / p99(idle)).toFixed(1)} × idle (goal 3); searches refused ${refused.length} of ${searches.length}${
      refused.length > 0
        ? `, p50 ${percentile(
            refused.map(({ ms }) => ms),
            0.5,
          ).toFixed(0)} ms, p99 ${p99(refused).toFixed(0)} ms (goal 50)`
        : ''
    }`,
  );
  console.log(
    `  resident memory ${samples[0].mb.toFixed(0)} → ${samples.at(-1).mb.toFixed(0)} MB, slope ${slope(samples).toFixed(2)} MB a minute`,
  );
}
if ((await service.get('/healthz')).status !== 200) throw new Error('the service is gone');
await service.stop();
process.exit(0);
