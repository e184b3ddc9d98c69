/** Requests to services on either engine: time and CPU time of single ones, and how many a second. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { median, percentile, processCpuMs } from './service.mjs';

const CONNECTIONS = 16;
const THROUGHPUT_SECONDS = 5;
const WARM_UP = 10;

/** Words that occur in the names and descriptions, so that every search finds something. */
export const dishes =
  'arroz feijão couve frango quiabo polvo moqueca tapioca ramen curry burrata risoto falafel'.split(' ');
export const cuisines = [
  'Mineira',
  'Italiana',
  'Japonesa',
  'Árabe',
  'Vegana',
  'Pizzaria',
  'Indiana',
  'Mexicana',
];

const parentOf = (pid) => {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return undefined;
  }
};

/** Lists the processes of the PostgreSQL server that one of its backends, which still runs, belongs to. */
export function findServer(backendPid) {
  const main = parentOf(backendPid);
  return () => {
    const pids = readdirSync('/proc').map(Number).filter(Boolean);
    return pids.filter((pid) => pid === main || parentOf(pid) === main);
  };
}

/** Of the processes that still run; a server ends some of its own at any time. */
function readCpu(pids) {
  const byPid = new Map();
  for (const pid of pids) {
    if (parentOf(pid) !== undefined) byPid.set(pid, processCpuMs(pid));
  }
  return byPid;
}

function cpuMsSince(before) {
  let sum = 0;
  for (const [pid, ms] of readCpu(before.keys())) sum += ms - before.get(pid);
  return sum;
}

const round = (value, digits) => Number(value.toFixed(digits));

/** `rows` is the size of the catalogue, whose last 500 rows have no vector yet. */
function routesOf(rows) {
  const id = (i) => ((i * 7_919) % (rows - 600)) + 1;
  const words = (i) => `${dishes[i % dishes.length]}%20${dishes[(i * 3 + 1) % dishes.length]}`;
  return {
    'warm read': [300, (i) => `/restaurants/${id(i)}`],
    'cold read': [300, (i) => `/restaurants/${rows - 499 + i}`],
    'list page': [
      300,
      (i) => `/restaurants?limit=20&sort=-rating&cuisineType=${cuisines[i % cuisines.length]}`,
    ],
    'search by keyword': [100, (i) => `/search?mode=keyword&q=${words(i)}`],
    'search, hybrid': [100, (i) => `/search?q=${words(i)}`],
    similar: [100, (i) => `/restaurants/${id(i)}/similar`],
    'similar, one row in 8 matches': [100, (i) => `/restaurants/${id(i)}/similar?cuisineType=Vegana`],
    'similar, one row in 51 matches': [100, (i) => `/restaurants/${id(i)}/similar?minRating=5`],
  };
}

/** One request after the other. `listServerPids` gives the processes of the database server at the time. */
export async function measureRequests(service, rows, listServerPids) {
  const results = {};
  for (const [name, [count, pathOf]] of Object.entries(routesOf(rows))) {
    const path = (i) => encodeURI(decodeURI(pathOf(i)));
    // A cold read is cold once; the model is started by the first.
    const offset = name === 'cold read' ? 1 : WARM_UP;
    for (let i = 0; i < offset; i += 1) await service.getLean(path(i));
    const server = listServerPids();
    const before = [readCpu([service.pid]), readCpu(server)];
    const times = [];
    for (let i = 0; i < count; i += 1) {
      const { status, ms } = await service.getLean(path(i + offset));
      if (status !== 200) throw new Error(`${name}: ${status}`);
      times.push(ms);
    }
    results[name] = {
      p50Ms: round(median(times), 1),
      p99Ms: round(percentile(times, 0.99), 1),
      serviceCpuMs: round(cpuMsSince(before[0]) / count, 2),
      ...(server.length > 0 && { serverCpuMs: round(cpuMsSince(before[1]) / count, 2) }),
    };
  }
  return results;
}

/** Warm reads a second over all services, each on its own share of the connections. */
export async function measureThroughput(services, rows) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + THROUGHPUT_SECONDS * 1_000;
  const ask = (url) =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  let done = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      const { url } = services[i % services.length];
      for (let n = i; performance.now() < end; n += CONNECTIONS) {
        await ask(`${url}/restaurants/${((n * 7_919) % (rows - 600)) + 1}`);
        done += 1;
      }
    }),
  );
  agent.destroy();
  return Math.round(done / THROUGHPUT_SECONDS);
}
