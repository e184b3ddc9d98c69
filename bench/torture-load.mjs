/**
 * Mixed load at the knee and at twice the knee, five minutes each (`torture-load.mjs SECONDS` shortens it): no crash,
 * flat memory, excess requests rejected quickly, accepted reads fast. The knee is the throughput of a closed loop of 64
 * connections without load shedding; the load is open, on up to 900 connections. The service with its model has one
 * core, the clients the other. `OVERLOAD_WAIT_MS=0` measures without load shedding. Exits with 1 when a goal is missed.
 */
import { execFileSync } from 'node:child_process';
import autocannon from 'autocannon';
import { goalsHeading, show, tell } from './goals.mjs';
import { offer } from './open-loop.mjs';
import { probe } from './probe.mjs';
import { memoryOf } from './process-memory.mjs';
import { percentile, startService, syntheticRestaurants, temporaryFolder, toNdjson } from './service.mjs';

const SECONDS = Number(process.argv[2] ?? 300);
const ROWS = 5_000;
const WARM = 1_000;
/** Memory that grows by less is taken for flat. Below two minutes, a slope says nothing and is only told. */
const FLAT_MB_A_MINUTE = 1;
const SLOPE_SECONDS = 120;

const millis = (answers) => answers.map(({ ms }) => ms);
const p99 = (answers) => percentile(millis(answers), 0.99);

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

/** The same mixture as the open loop's, as fast as 64 connections get answers. */
async function findKnee(url, seconds = Math.min(10, SECONDS)) {
  const warm = () => 1 + Math.floor(Math.random() * WARM);
  let cold = WARM;
  const request = (path) => ({ setupRequest: (own) => ({ ...own, path: path() }) });
  const requests = [
    ...Array.from({ length: 14 }, () => request(() => `/restaurants/${warm()}`)),
    ...Array.from({ length: 3 }, () => request(() => '/restaurants?limit=20&minRating=4')),
    request(() => `/restaurants/${warm()}/similar`),
    request(() => `/search?q=queijo${warm()}`),
    request(() => `/restaurants/${(cold = cold < ROWS ? cold + 1 : WARM + 1)}`),
  ];
  const result = await autocannon({ url, requests, connections: 64, duration: seconds });
  return Math.round(result['2xx'] / result.duration);
}

async function watchMemory(pid, work) {
  const samples = [];
  const startedAt = Date.now();
  const sample = () => samples.push({ at: (Date.now() - startedAt) / 60_000, mb: memoryOf(pid).rssMb });
  sample();
  const timer = setInterval(sample, 1_000);
  const answers = await work();
  clearInterval(timer);
  sample();
  return { answers, samples };
}

function tellStatuses(answers) {
  const all = answers.due - answers.notSent;
  const share = (count) => `${show((100 * count) / all)} %`;
  const statuses = Object.entries(answers.statuses).map(([status, count]) => `${status}: ${share(count)}`);
  console.log(
    `Of ${show(all)} requests sent: ${statuses.join(', ')}; not answered: ${share(answers.notAnswered)}.`,
  );
  const kinds = [...new Set(answers.sample.map(([kind]) => kind))].sort();
  for (const kind of kinds) {
    const own = answers.sample.filter(([one]) => one === kind);
    const refused = own.filter(([, status]) => status === 503).length;
    console.log(`- ${kind}: ${show((100 * refused) / own.length)} % refused with 503`);
  }
  console.log('');
}

async function loadAt(factor, knee, service, idleP99) {
  const { answers, samples } = await watchMemory(service.pid, async () => {
    const [offered, reads] = await Promise.all([
      offer(service.url, knee * factor, SECONDS, { rows: ROWS, warm: WARM }),
      probe(service.url, '/restaurants/{id}', SECONDS, 20, WARM),
    ]);
    return { ...offered, reads };
  });
  const answered = Object.values(answers.statuses).reduce((sum, count) => sum + count, 0);
  const serverErrors = Object.entries(answers.statuses).filter(
    ([status]) => status >= 500 && status !== '503',
  );
  const accepted = answers.reads.filter(({ status }) => status === 200);
  const refused = answers.sample.filter(([, status]) => status === 503).map(([, , ms]) => ms);
  const rise = slope(samples);

  console.log(`\n## ${factor} × knee, ${SECONDS} s\n`);
  tellStatuses(answers);
  goalsHeading(`${factor} × knee`);
  tell('asked of the service', knee * factor, 'requests/s');
  // A load that was not offered proves nothing.
  const sent = (answers.due - answers.notSent) / SECONDS;
  const outcomes = [tell('sent', sent, 'requests/s', { atLeast: 0.9 * knee * factor })];
  tell('answered', answered / SECONDS, 'requests/s');
  tell('answered 200', (answers.statuses[200] ?? 0) / SECONDS, 'requests/s');
  outcomes.push(
    tell('5xx other than 503', serverErrors.length, 'kinds', { atMost: 0 }),
    tell('accepted warm reads, p99', p99(accepted) / idleP99, '× idle', { atMost: 5 }),
  );
  tell('accepted warm reads, p99', p99(accepted), 'ms');
  tell('warm reads refused', (100 * (answers.reads.length - accepted.length)) / answers.reads.length, '%');
  if (refused.length > 0) {
    tell('rejections (503), p50', percentile(refused, 0.5), 'ms');
    outcomes.push(tell('rejections (503), p99', percentile(refused, 0.99), 'ms', { atMost: 50 }));
  }
  tell('resident memory of the service, first', samples[0].mb, 'MB');
  tell('… last', samples.at(-1).mb, 'MB');
  const goal = SECONDS >= SLOPE_SECONDS ? { atMost: FLAT_MB_A_MINUTE } : {};
  outcomes.push(tell('… slope', rise, 'MB/min', goal));
  return outcomes.every(Boolean);
}

execFileSync('taskset', ['-apc', '1', String(process.pid)], { stdio: 'ignore' });
const folder = temporaryFolder();
const start = (overloadWaitMs) =>
  startService({
    folder,
    environment: {
      EMBED_WAIT_MS: '500',
      TOP_UP_MS: '20',
      ...(overloadWaitMs !== undefined && { OVERLOAD_WAIT_MS: overloadWaitMs }),
    },
    before: 'taskset -pc 0 $$ >/dev/null',
  });
let service = await start('0');
const rows = toNdjson(syntheticRestaurants(ROWS));
await service.request('POST', '/restaurants/import', rows, 'application/x-ndjson');
for (let id = 1; id <= WARM; id += 1) await service.get(`/restaurants/${id}`);
const knee = await findKnee(service.url);
await service.stop();
service = await start(process.env.OVERLOAD_WAIT_MS);
// The model process and the code of the routes are warm, as during the load.
await findKnee(service.url, Math.min(3, SECONDS));
const idleP99 = p99(await probe(service.url, '/restaurants/{id}', Math.min(10, SECONDS), 5, WARM));
console.log(`knee: ${show(knee)} requests a second; p99 of warm reads idle: ${show(idleP99)} ms`);
let isGood = true;
for (const factor of [1, 2]) isGood = (await loadAt(factor, knee, service, idleP99)) && isGood;
if ((await service.get('/healthz')).status !== 200) throw new Error('the service is gone');
await service.stop();
process.exit(isGood ? 0 : 1);
