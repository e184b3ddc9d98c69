/**
 * Cost of the keyword index at 100,000 restaurants: import, CPU of a query, and the rebuild of an index that an earlier
 * release has written. Usage: npm run build && node bench/quality/large-catalogue.mjs [folder of the earlier release]
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { processCpuMs, root, temporaryFolder } from '../service.mjs';

const ROWS = Number(process.env.ROWS ?? 100_000);
const QUERIES = [
  'feijoada',
  'camarões na brasa',
  'quiet café to read a book',
  'piza no forno a lenha',
  'comida indiana em Londres',
  'restaurante com vista para o mar',
  'smoked briskit',
  'jantar romântico em São Paulo',
];

/** Rows of recombined sentences of the sample, with numbers of their own, so that every text differs. */
function* makeRows() {
  const sample = readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse);
  const sentences = sample
    .flatMap(({ description }) => (description ?? '').split(/(?<=[.!?]) /))
    .filter(Boolean);
  for (let i = 0; i < ROWS; i += 1) {
    const one = sample[i % sample.length];
    const other = sample[(i * 31) % sample.length];
    const description = [7, 13, 29].map((step) => sentences[(i * step) % sentences.length]).join(' ');
    yield {
      externalId: `r${i}`,
      name: `${one.name} ${i}`,
      cuisineType: one.cuisineType,
      description,
      location: other.location,
      rating: one.rating,
    };
  }
}

const body = () => [...makeRows()].map((row) => JSON.stringify(row)).join('\n');

async function start(folder, release) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/src/main.js', 'serve'], {
    cwd: release,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_PATH: join(folder, 'bench.db'),
      RATE_LIMIT: 'off',
      MODEL_DIR: 'models/none',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"listening"')) continue;
    url = JSON.parse(line).address;
    break;
  }
  child.stdout.resume();
  return {
    pid: child.pid,
    startMs: performance.now() - startedAt,
    get: async (path) => (await fetch(url + path)).json(),
    post: (path, text) =>
      new Promise((resolve, reject) => {
        const headers = { 'Content-Type': 'application/x-ndjson' };
        request(url + path, { method: 'POST', headers }, (response) => response.resume().once('end', resolve))
          .once('error', reject)
          .end(text);
      }),
    stop: () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM'))),
  };
}

const tell = (what, value, unit) =>
  console.log(`| ${what} | ${value.toFixed(unit === 's' ? 2 : 1)} ${unit} |`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function measureImport(release, name) {
  const folder = temporaryFolder();
  const service = await start(folder, release);
  const text = body();
  const cpuBefore = processCpuMs(service.pid);
  const startedAt = performance.now();
  await service.post('/restaurants/import', text);
  tell(`${name}: import of ${ROWS} rows`, (performance.now() - startedAt) / 1000, 's');
  tell(`${name}: its CPU time`, (processCpuMs(service.pid) - cpuBefore) / 1000, 's');
  return { folder, service };
}

/** CPU time of the service for one keyword query, the mean over all of them, repeated. */
async function measureQueries(service, name) {
  const ask = (q) => service.get(`/search?mode=keyword&q=${encodeURIComponent(q)}`);
  for (const q of QUERIES) await ask(q);
  const before = processCpuMs(service.pid);
  const repeats = 20;
  for (let i = 0; i < repeats; i += 1) for (const q of QUERIES) await ask(q);
  tell(
    `${name}: CPU of a keyword query`,
    (processCpuMs(service.pid) - before) / (repeats * QUERIES.length),
    'ms',
  );
}

/** Asks until the index and the vocabulary are complete: only then a city is known to have no restaurants. */
async function measureCatchUp(service, what) {
  const startedAt = performance.now();
  const cpuBefore = processCpuMs(service.pid);
  const times = [];
  for (;;) {
    const askedAt = performance.now();
    const { place } = await service.get('/search?mode=keyword&q=feijoada%20in%20Osaka');
    times.push(performance.now() - askedAt);
    if (place !== undefined) break;
    await sleep(100);
  }
  tell(`${what} beside searches: time`, (performance.now() - startedAt) / 1000, 's');
  tell(`${what}: CPU time, with the searches`, (processCpuMs(service.pid) - cpuBefore) / 1000, 's');
  tell(`${what}: slowest search meanwhile`, Math.max(...times), 'ms');
}

console.log('| | |\n| --- | --- |');
const [, , earlier] = process.argv;
if (earlier) {
  const { folder, service: old } = await measureImport(earlier, 'earlier release');
  await measureQueries(old, 'earlier release');
  await old.stop();
  const upgraded = await start(folder, root);
  tell('start on a database of the earlier release', upgraded.startMs, 'ms');
  await measureCatchUp(upgraded, 'rebuild of the index');
  await upgraded.stop();
}
const { service } = await measureImport(root, 'this release');
await measureCatchUp(service, 'counting of words');
await measureQueries(service, 'this release');
await service.stop();
