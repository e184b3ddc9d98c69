/** Starts the built service for a measurement, and what measurements share. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, get as httpGet } from 'node:http';
import { createInterface } from 'node:readline';

export const root = new URL('..', import.meta.url).pathname;

export const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
export const median = (values) => percentile(values, 0.5);

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tastematch-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** MB of a process by field of /proc: VmRSS, RssAnon. */
export const processMb = (pid, field = 'VmRSS') =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) /
  1024;

/** CPU time of a process in ms, user and system. */
export function processCpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export const childOf = (pid) =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? 0);

/** Makes what the image holds in a temporary folder (two seconds) and returns the folder. */
export function makeBundle() {
  const folder = mkdtempSync(join(tmpdir(), 'tastematch-bundle-'));
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs'), folder], { stdio: 'ignore' });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `program` is the folder of the service: the repository, built, or a bundle. `before` is a shell command that runs in the service's process before it starts, e.g. to enter a cgroup. */
export async function startService({
  folder,
  environment = {},
  program = root,
  before = ':',
  node = process.execPath,
  nodeArguments = [],
}) {
  const command = `${before}; exec "$0" "$@"`;
  const line = [...nodeArguments, join(program, 'dist/src/main.js'), 'serve'];
  const child = spawn('/bin/sh', ['-c', command, node, ...line], {
    cwd: program,
    env: { PATH: process.env.PATH, PORT: '0', DATABASE_PATH: join(folder, 'bench.db'), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const url = await new Promise((resolve, reject) => {
    exited.then((why) => reject(new Error(`the service ended at its start: ${why}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"listening"')) resolve(JSON.parse(line).address);
    });
  });
  const authorization = environment.API_KEY && { Authorization: `Bearer ${environment.API_KEY}` };
  const request = async (method, path, body, type = 'application/json') => {
    const startedAt = performance.now();
    const response = await fetch(url + path, {
      method,
      headers: { ...authorization, ...(body !== undefined && { 'Content-Type': type }) },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const json = /\bjson/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      body: json ? JSON.parse(text) : text,
      ms: performance.now() - startedAt,
    };
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Like `get` with Node's own client on one kept-alive connection: fetch takes half a millisecond longer. */
  const getLean = (path) =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      httpGet(url + path, { agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => {
          const ms = performance.now() - startedAt;
          resolve({ status: response.statusCode, body: JSON.parse(text), ms });
        });
      }).on('error', reject);
    });
  return {
    url,
    pid: child.pid,
    exited,
    request,
    get: (path) => request('GET', path),
    getLean,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

const words = [
  'arroz feijão tutu couve torresmo massa fresca sushi lenha forno vinho queijo',
  'carne grill fish garden patio wood fire curry noodles taco salsa manioc',
  'coconut shrimp bread coffee cake sweet spicy quiet lively family romantic cheap',
  'chic',
].flatMap((line) => line.split(' '));
const cuisines = ['Mineira', 'Italiana', 'Japonesa', 'Thai', 'Mexican', 'Baiana', 'Vegan', 'French'];

/** Seeded, so that every run has the same texts (mulberry32). */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Synthetic restaurants; every text is different, of `minWords` to `maxWords` words. */
export function* syntheticRestaurants(count, { seed = 1, minWords = 8, maxWords = 40 } = {}) {
  const random = createRandom(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  for (let i = 0; i < count; i += 1) {
    const length = minWords + Math.floor(random() * (maxWords - minWords + 1));
    yield {
      externalId: `bench-${seed}-${i}`,
      name: `Casa ${pick(words)} ${i}`,
      cuisineType: pick(cuisines),
      description: Array.from({ length }, () => pick(words)).join(' '),
      rating: Math.round((1 + random() * 4) * 10) / 10,
      priceLevel: 1 + Math.floor(random() * 4),
      location: `Bairro ${i % 200}, Cidade ${i % 30}`,
      latitude: -30 * random(),
      longitude: -35 - 25 * random(),
    };
  }
}

export const toNdjson = (rows) => [...rows].map((row) => `${JSON.stringify(row)}\n`).join('');
