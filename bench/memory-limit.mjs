/**
 * The whole job inside a real memory limit of the kernel (cgroup v1, no swap, page cache charged): start, import of
 * 1,000 rows, 200 cold reads, a backfill of 500, 200 similarity and search queries, unload. Then the lowest limit
 * that passes is searched. The exit code is 1 when 128 MB (or the limit that is asked for) does not pass. Needs root;
 * says so and skips otherwise.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  childOf,
  makeBundle,
  percentile,
  processMb,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const base = '/sys/fs/cgroup/memory';
const MB = 1_048_576;
const GOAL_MB = 128;
/** A copy, as the pages of the binary that runs this script are in memory already, at nobody's cost. */
const node = join(temporaryFolder(), 'node');
copyFileSync(process.execPath, node);
/** What the image holds, as the target machine runs it. */
const program = makeBundle();
const rows = toNdjson(syntheticRestaurants(1_000));

function makeGroup(limitMb) {
  const group = join(base, `tastematch-${process.pid}-${limitMb}`);
  mkdirSync(group);
  writeFileSync(join(group, 'memory.limit_in_bytes'), String(limitMb * MB));
  writeFileSync(join(group, 'memory.memsw.limit_in_bytes'), String(limitMb * MB));
  // Page cache belongs to who reads it first: without this the files would be in memory at nobody's cost.
  execFileSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
  return group;
}

const oomKills = (group) =>
  Number(/^oom_kill (\d+)/m.exec(readFileSync(join(group, 'memory.oom_control'), 'utf8'))?.[1] ?? 0);

const groupMb = (group) => {
  const stat = readFileSync(join(group, 'memory.stat'), 'utf8');
  const mb = (field) => Math.round(Number(new RegExp(`^${field} (\\d+)`, 'm').exec(stat)?.[1]) / MB);
  const kernel = Math.round(Number(readFileSync(join(group, 'memory.kmem.usage_in_bytes'), 'utf8')) / MB);
  return `anonymous ${mb('total_rss')}, page cache ${mb('total_cache')}, kernel ${kernel} MB`;
};

async function until(ask) {
  const deadline = Date.now() + 180_000;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error('gave up waiting');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Gives the figures; throws when any answer is not 200 or anything is killed. */
async function runJob(limitMb) {
  const group = limitMb === undefined ? undefined : makeGroup(limitMb);
  const before = group ? `echo $$ > ${group}/cgroup.procs` : ':';
  // MALLOC_ARENA_MAX as the image sets it.
  const environment = { EMBED_WAIT_MS: '20000', BACKFILL_CPU_PERCENT: '100', MALLOC_ARENA_MAX: '1' };
  let service;
  const problems = [];
  try {
    service = await startService({ folder: temporaryFolder(), environment, before, node, program });
    let ended = false;
    service.exited.then(() => (ended = true));
    const expectOk = (what, { status, body }) => {
      if (status >= 300) problems.push(`${what}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
      return body;
    };
    expectOk('import', await service.request('POST', '/restaurants/import', rows, 'application/x-ndjson'));
    const cold = [];
    for (let id = 1; id <= 200; id += 1) {
      const answer = await service.get(`/restaurants/${id}`);
      const body = expectOk(`cold read ${id}`, answer);
      if (body.embedding?.status !== 'ready')
        problems.push(`cold read ${id}: ${JSON.stringify(body.embedding)}`);
      if (id > 1) cold.push(answer.ms);
    }
    expectOk('backfill', await service.request('POST', '/embeddings/backfill', '{}'));
    await until(async () => ended || (await service.get('/embeddings')).body.ready >= 700);
    expectOk('backfill stop', await service.request('DELETE', '/embeddings/backfill'));
    for (let i = 1; i <= 100; i += 1) {
      expectOk('similar', await service.get(`/restaurants/${i * 7}/similar`));
      expectOk('search', await service.get(`/search?q=${encodeURIComponent(`queijo ${i} forno`)}`));
    }
    const peakMb = processMb(service.pid) + processMb(childOf(service.pid));
    expectOk('unload', await service.request('POST', '/model/unload'));
    expectOk('after', await service.get('/restaurants/1'));
    const model = expectOk('model', await service.get('/model'));
    return {
      problems,
      coldP99: percentile(cold, 0.99),
      coldP50: percentile(cold, 0.5),
      peakMb,
      source: model.memory.source,
      kills: group ? oomKills(group) : 0,
      stat: group && groupMb(group),
    };
  } catch (error) {
    return { problems: [...problems, error.message], kills: group ? oomKills(group) : 0 };
  } finally {
    await service?.stop();
    if (group) rmdirSync(group);
  }
}

function tell(limit, result, free) {
  const { problems, kills, coldP50, coldP99 } = result;
  const isSlow = coldP99 > 4 * free.coldP99;
  const passes = problems.length === 0 && kills === 0 && !isSlow;
  const figures =
    coldP99 === undefined ? '' : `cold p50 ${coldP50.toFixed(1)} ms, p99 ${coldP99.toFixed(1)} ms`;
  console.log(
    `${String(limit).padStart(9)}  ${passes ? 'passes' : 'fails '}  ${figures}${kills > 0 ? `, ${kills} OOM kills` : ''}${isSlow ? ', too slow' : ''}${result.stat ? `, ${result.stat} at the end` : ''}`,
  );
  if (problems.length > 0) console.log(`           ${problems.length} problems, the first: ${problems[0]}`);
  return passes;
}

try {
  rmdirSync(makeGroup(512));
} catch (error) {
  console.log(`skipped: no cgroup with a memory limit can be made here (${error.message})`);
  process.exit(0);
}
const free = await runJob(undefined);
tell('no limit', free, free);
console.log(
  `           resident memory of both processes at the end of the job: ${free.peakMb.toFixed(0)} MB`,
);
// An argument asks for one limit only.
const asked = process.argv[2] ? Number(process.argv[2]) : undefined;
const limits = asked ? [asked] : [160, 152, 144, 136, 128, 120, 112, 104, 96];
let lowest;
for (const limit of limits) {
  if (!tell(`${limit} MB`, await runJob(limit), free)) break;
  lowest = limit;
}
console.log(lowest ? `lowest limit that passes: ${lowest} MB` : 'none of these limits passes');
const goalMb = asked ?? GOAL_MB;
const isMet = lowest !== undefined && lowest <= goalMb;
console.log(`goal: passes at ${goalMb} MB: ${isMet ? 'met' : 'missed'}`);
if (!isMet) process.exitCode = 1;
