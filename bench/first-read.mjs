/**
 * The main job in figures: start, first read against bare inference, warm read against a bare Hono route, memory.
 * Needs a built service (`npm run build`). Prints a table; every figure is a median of several rounds.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { createChildEmbedder } from '../dist/src/inference/child-embedder.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';

const root = new URL('..', import.meta.url).pathname;
const ROUNDS = 5;

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function startService(folder) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/src/main.js'), 'serve', '--sample-data'], {
    cwd: root,
    env: { ...process.env, PORT: '0', DATABASE_PATH: join(folder, 'bench.db'), EMBED_WAIT_MS: '20000' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"listening"')) resolve(JSON.parse(line).address);
    });
  });
  const get = async (path) => (await fetch(url + path)).json();
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM'));
  return { url, get, stop, pid: child.pid, startedAt };
}

async function measureStarts(folder) {
  const first200 = [];
  const firstCold = [];
  const rss = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const service = await startService(folder);
    await service.get('/restaurants');
    first200.push(performance.now() - service.startedAt);
    rss.push(rssMb(service.pid));
    await service.stop();
    const again = await startService(folder);
    const { embedding } = await again.get(`/restaurants/${round + 1}`);
    if (embedding.status !== 'ready') throw new Error(`not embedded: ${JSON.stringify(embedding)}`);
    firstCold.push(performance.now() - again.startedAt);
    await again.stop();
  }
  return { first200: median(first200), firstCold: median(firstCold), rss: median(rss) };
}

async function measureCold(folder) {
  const service = await startService(folder);
  await fetch(`${service.url}/model/load`, { method: 'POST' });
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(join(root, 'models/all-MiniLM-L6-v2')),
    queueLimit: 10,
    timeoutMs: 10_000,
    idleSeconds: 0,
  });
  await embedder.load();
  const pairs = [];
  const { items } = await service.get('/restaurants?limit=100&embedded=false');
  for (const { id, name, cuisineType, description } of items) {
    const text = [name, cuisineType, description].filter(Boolean).join(' ');
    const bareAt = performance.now();
    await embedder.embed(text, 'read').vector;
    const bare = performance.now() - bareAt;
    const coldAt = performance.now();
    await service.get(`/restaurants/${id}`);
    pairs.push({ bare, cold: performance.now() - coldAt });
  }
  await embedder.close();
  await service.stop();
  const kept = pairs.slice(10);
  return { bare: median(kept.map((p) => p.bare)), cold: median(kept.map((p) => p.cold)) };
}

const load = (url) =>
  autocannon({ url, connections: 16, duration: 3 }).then((result) => result.requests.average);

async function measureWarm(folder) {
  const service = await startService(folder);
  const body = JSON.stringify(await service.get('/restaurants/1'));
  const bare = spawn(process.execPath, [join(root, 'bench/bare-hono.mjs'), body], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const bareUrl = await new Promise((resolve) =>
    bare.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  const ours = [];
  const theirs = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await load(bareUrl));
    ours.push(await load(`${service.url}/restaurants/1`));
  }
  bare.kill();
  await service.stop();
  return {
    ours: median(ours),
    bare: median(theirs),
    ratio: median(ours.map((value, i) => value / theirs[i])),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'tastematch-bench-'));
try {
  const starts = await measureStarts(folder);
  const cold = await measureCold(folder);
  const warm = await measureWarm(folder);
  const rows = [
    ['start to first 200', `${starts.first200.toFixed(0)} ms`, '≤ 500 ms'],
    ['start to first cold GET', `${starts.firstCold.toFixed(0)} ms`, '≤ 1200 ms'],
    ['RSS before any embedding', `${starts.rss.toFixed(1)} MB`, '≤ 85 MB'],
    ['cold GET, model loaded', `${cold.cold.toFixed(2)} ms`, `≤ ${(cold.bare * 1.25 + 2).toFixed(2)} ms`],
    ['bare inference through the child', `${cold.bare.toFixed(2)} ms`, ''],
    ['warm GET', `${warm.ours.toFixed(0)} requests/s`, ''],
    ['bare Hono route of the same size', `${warm.bare.toFixed(0)} requests/s`, ''],
    ['warm GET / bare route', warm.ratio.toFixed(2), '≥ 0.60'],
  ];
  for (const [name, value, goal] of rows) console.log(`| ${name} | ${value} | ${goal} |`);
} finally {
  rmSync(folder, { recursive: true });
}
