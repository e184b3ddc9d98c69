/**
 * The whole job on the CPU time of a small shared machine: a cgroup (v1) of 5 ms in every 80 ms and 256 MB, then of
 * 20 ms in every 80 ms. Start, import, a first read that starts the model, cold and warm reads, similar, search, and
 * warm reads beside a backfill. The exit code is 1 when a goal is missed. Needs root; says so and skips otherwise.
 */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goalsHeading, isQuick, tell } from './goals.mjs';
import {
  makeBundle,
  median,
  percentile,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const PERIOD_MS = 80;
const MEMORY_MB = 256;
const COLD_READS = isQuick ? 10 : 40;
const WARM_READS = isQuick ? 40 : 150;
/** Long enough for a machine that is throttled to become free, and for some texts. */
const QUIET_MS = 20_000;
const WARM_P99_MS = 2 * PERIOD_MS + 10;
/** What the image holds, as the target machine runs it. */
const program = makeBundle();
const name = `tastematch-throttled-${process.pid}`;
const group = (controller) => join('/sys/fs/cgroup', controller, name);

function makeGroups(quotaMs) {
  for (const controller of ['cpu', 'memory']) mkdirSync(group(controller));
  writeFileSync(join(group('cpu'), 'cpu.cfs_period_us'), String(PERIOD_MS * 1_000));
  writeFileSync(join(group('cpu'), 'cpu.cfs_quota_us'), String(quotaMs * 1_000));
  writeFileSync(join(group('memory'), 'memory.limit_in_bytes'), String(MEMORY_MB * 1_048_576));
}

function removeGroups() {
  for (const controller of ['cpu', 'memory']) rmdirSync(group(controller));
}

const usedMs = () => {
  const pids = readFileSync(join(group('cpu'), 'cgroup.procs'), 'utf8')
    .trim()
    .split('\n');
  const ticks = pids.map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '));
  return ticks.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
};

/** Asks one after the other with a pause; gives the times. Any answer but 200 is a problem. */
async function ask(service, paths, pauseMs, check = () => {}) {
  const times = [];
  for (const path of paths) {
    const { status, body, ms } = await service.get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
    check(body);
    times.push(ms);
    await sleep(pauseMs);
  }
  return times;
}

const ids = (from, count) => Array.from({ length: count }, (_, i) => from + i);
const reads = (from, count) => ids(from, count).map((id) => `/restaurants/${id}`);
const warmReads = () => Array.from({ length: WARM_READS }, (_, i) => `/restaurants/${1 + (i % COLD_READS)}`);

async function runJob(quotaMs) {
  makeGroups(quotaMs);
  const folder = temporaryFolder();
  const before = ['cpu', 'memory'].map((each) => `echo $$ > ${group(each)}/cgroup.procs`).join('; ');
  const environment = { EMBED_WAIT_MS: '5000', BACKFILL_CPU_PERCENT: '50', MALLOC_ARENA_MAX: '1' };
  const startedAt = performance.now();
  const service = await startService({ folder, environment, before, program });
  try {
    await service.get('/readyz');
    const startMs = performance.now() - startedAt;
    const startCpuMs = usedMs();
    const rows = toNdjson(syntheticRestaurants(1_000));
    const imported = await service.request('POST', '/restaurants/import', rows, 'application/x-ndjson');
    await sleep(1_000);

    let isStarting = true;
    const whileStarting = [];
    const first = service.get('/restaurants/1').finally(() => (isStarting = false));
    while (isStarting) whileStarting.push(...(await ask(service, ['/restaurants?limit=1'], 100)));
    const firstRead = await first;

    let notReady = 0;
    const countReady = ({ embedding }) => (notReady += embedding.status === 'ready' ? 0 : 1);
    const cold = await ask(service, reads(2, COLD_READS - 1), 300, countReady);
    await sleep(1_000);
    const warm = await ask(service, warmReads(), 100);
    const similar = await ask(
      service,
      reads(1, 10).map((path) => `${path}/similar`),
      300,
    );
    const search = await ask(
      service,
      ids(1, 10).map((id) => `/search?q=queijo+forno+${id}`),
      300,
    );
    const { cpu } = (await service.get('/model')).body;

    await service.request('POST', '/embeddings/backfill', '{}');
    await sleep(1_000);
    const readyNow = async () => (await service.get('/embeddings')).body.ready;
    const readyBefore = await readyNow();
    const backfillAt = performance.now();
    const beside = await ask(service, warmReads(), 100);
    const embedded = (await readyNow()) - readyBefore;
    const seconds = (performance.now() - backfillAt) / 1_000;
    // Where the machine is too small for texts beside reads, the backfill continues when nobody reads.
    const readyBeforeQuiet = await readyNow();
    await sleep(QUIET_MS);
    const quiet = (await readyNow()) - readyBeforeQuiet;
    return {
      startMs,
      startCpuMs,
      importMs: imported.ms,
      firstRead,
      whileStarting,
      cold,
      notReady,
      warm,
      similar,
      search,
      beside,
      embeddedPerSecond: embedded / seconds,
      quietPerSecond: quiet / (QUIET_MS / 1_000),
      cpu,
    };
  } finally {
    await service.stop();
    removeGroups();
  }
}

const most = (values) => Math.max(...values);

function report(quotaMs, job) {
  const share = ((quotaMs / PERIOD_MS) * 100).toLocaleString('en');
  goalsHeading(`${quotaMs} ms of CPU time in every ${PERIOD_MS} ms (${share} % of a core), ${MEMORY_MB} MB`);
  const { firstRead, cold, warm, beside } = job;
  const isReady = firstRead.body.embedding.status === 'ready';
  const others = [...cold, ...warm, ...job.similar, ...job.search, ...beside];
  const goals = [
    tell('start to ready', job.startMs, 'ms', { atMost: 5_000 }),
    tell('CPU time of the start', job.startCpuMs, 'ms'),
    tell('import of 1,000 rows', job.importMs, 'ms'),
    tell('first read, which starts the model', firstRead.ms, 'ms', { atMost: 5_000 }),
    tell('first reads answered `ready`', isReady ? 1 : 0, '', { atLeast: 1 }),
    tell('lists while the model starts, longest', most(job.whileStarting), 'ms', { atMost: 5_000 }),
    tell('cold reads, p50', median(cold), 'ms'),
    tell('cold reads, longest', most(cold), 'ms', { atMost: 3_000 }),
    tell('cold reads not answered `ready`', job.notReady, '', { atMost: 0 }),
    tell('similar, longest', most(job.similar), 'ms', { atMost: 3_000 }),
    tell('search, longest', most(job.search), 'ms', { atMost: 3_000 }),
    tell('warm reads, p50', median(warm), 'ms'),
    tell('warm reads, p99', percentile(warm, 0.99), 'ms', { atMost: WARM_P99_MS }),
    tell('warm reads beside a backfill, p99', percentile(beside, 0.99), 'ms', {
      atMost: percentile(warm, 0.99) + PERIOD_MS,
    }),
    tell('texts that the backfill embeds beside the reads', job.embeddedPerSecond, '/s'),
    tell('… while nobody reads', job.quietPerSecond, '/s', { atLeast: 0.1 }),
    tell('any request after the model has started, longest', most(others), 'ms', { atMost: 3_000 }),
  ];
  console.log(`\nbefore the backfill: cpu ${JSON.stringify(job.cpu)}\n`);
  return goals.every(Boolean);
}

try {
  makeGroups(5);
  removeGroups();
} catch (error) {
  console.log(`skipped: no cgroup with a CPU quota can be made here (${error.message})`);
  process.exit(0);
}
for (const quotaMs of process.argv
  .slice(2)
  .map(Number)
  .filter(Boolean)
  .concat(process.argv[2] > 0 ? [] : [5, 20])) {
  if (!report(quotaMs, await runJob(quotaMs))) process.exitCode = 1;
}
