/**
 * Warm requests by autocannon, each beside a bare Hono route that answers the same JSON; and the p99 of warm reads
 * while cold reads embed. `--one-core` pins the service with its model, and the bare route, to one core, autocannon
 * to the other.
 */
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startBareRead, startBareRoute } from './bare-hono.mjs';
import { goalsHeading, heading, isQuick, row, show, tell } from './goals.mjs';
import { isOneCore, pinMeasured, pinThisProcess } from './one-core.mjs';
import { probe } from './probe.mjs';
import {
  median,
  percentile,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const ROUNDS = isQuick ? 1 : 3;
const SECONDS = isQuick ? 1 : 2;
const PROBE_SECONDS = isQuick ? 1 : 5;
const WARM = isQuick ? 30 : 500;
const ROWS = isQuick ? 500 : 5_000;
/** Less than the similarity queries that may be under way at once. */
const CONNECTIONS = 16;
const routes = {
  'GET /restaurants/:id': '/restaurants/1',
  'GET /restaurants': '/restaurants?limit=20&sort=-rating',
  'GET /restaurants/:id/similar': '/restaurants/1/similar',
  'GET /search (hybrid, query known)': '/search?q=queijo%20forno',
};

async function load(url) {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  const asked = result['2xx'] + result.non2xx;
  return { rate: result['2xx'] / result.duration, refused: result.non2xx / asked, p99: result.latency.p99 };
}

async function compare(service, path) {
  const bare = await startBareRoute((await service.get(path)).body, pinMeasured);
  const rounds = [];
  await load(service.url + path);
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ bare: await load(bare.url), ours: await load(service.url + path) });
  }
  bare.stop();
  const of = (who, figure) => median(rounds.map((round) => round[who][figure]));
  return {
    ours: of('ours', 'rate'),
    bare: of('bare', 'rate'),
    ratio: median(rounds.map((round) => round.ours.rate / round.bare.rate)),
    p99: of('ours', 'p99'),
    refused: of('ours', 'refused'),
  };
}

/** p99 of warm reads alone and while one client after the other makes a first read. */
async function readWhileCold(service) {
  let next = WARM;
  const p99 = async () => {
    const answers = await probe(service.url, '/restaurants/{id}', PROBE_SECONDS, 2, WARM);
    return percentile(
      answers.map(({ ms }) => ms),
      0.99,
    );
  };
  const rounds = [];
  let cold = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const alone = await p99();
    let isOver = false;
    const reading = (async () => {
      while (!isOver && next < ROWS) {
        await service.get(`/restaurants/${(next += 1)}`);
        cold += 1;
      }
    })();
    rounds.push({ alone, during: await p99() });
    isOver = true;
    await reading;
  }
  return {
    alone: median(rounds.map((round) => round.alone)),
    during: median(rounds.map((round) => round.during)),
    ratio: median(rounds.map((round) => round.during / round.alone)),
    coldPerSecond: cold / (ROUNDS * PROBE_SECONDS),
  };
}

/** Warm reads against a Hono route that reads the same row and sends the same headers, and nothing else. */
async function compareRead(service, databasePath) {
  const { headers } = await fetch(`${service.url}/restaurants/1`);
  const own = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive']);
  const sent = Object.fromEntries([...headers].filter(([name]) => !own.has(name)));
  const bare = await startBareRead(databasePath, sent, pinMeasured);
  const bareUrl = `${bare.url}restaurants/1`;
  await load(bareUrl);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ bare: await load(bareUrl), ours: await load(`${service.url}/restaurants/1`) });
  }
  bare.stop();
  const of = (who, figure) => median(rounds.map((round) => round[who][figure]));
  return {
    ours: of('ours', 'rate'),
    bare: of('bare', 'rate'),
    ratio: median(rounds.map((round) => round.ours.rate / round.bare.rate)),
    p99: of('ours', 'p99'),
    refused: of('ours', 'refused'),
  };
}

pinThisProcess();
const folder = temporaryFolder();
const service = await startService({
  folder,
  environment: { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' },
  before: pinMeasured,
});
const rows = toNdjson(syntheticRestaurants(ROWS));
await service.request('POST', '/restaurants/import', rows, 'application/x-ndjson');
for (let id = 1; id <= WARM; id += 1) await service.get(`/restaurants/${id}`);
await probe(service.url, '/restaurants/{id}', PROBE_SECONDS, 2, WARM);
const mixed = await readWhileCold(service);
heading(
  `${CONNECTIONS} connections, ${ROWS} restaurants, ${WARM} embedded`,
  'requests/s',
  'bare route of the same answer, requests/s',
  'ratio',
  'p99 ms',
  'refused (503)',
);
const compared = {};
for (const [name, path] of Object.entries(routes)) {
  const { ours, bare, ratio, p99, refused } = (compared[name] = await compare(service, path));
  row(name, show(ours), show(bare), show(ratio), show(p99), `${show(100 * refused)} %`);
}
const read = await compareRead(service, join(folder, 'bench.db'));
row(
  'GET /restaurants/:id, bare route with SQLite row and headers',
  ...[read.ours, read.bare, read.ratio, read.p99].map(show),
  '',
);
await service.stop();

console.log('');
goalsHeading(isOneCore ? 'service and model on one core' : 'service');
tell('warm GET against a bare Hono route', compared['GET /restaurants/:id'].ratio, '×');
tell('… against one with the same SQLite row and headers', read.ratio, '×', { atLeast: 0.8 });
tell('p99 of warm reads alone', mixed.alone, 'ms');
tell(`… while ${show(mixed.coldPerSecond)} cold reads a second embed`, mixed.during, 'ms');
tell('… against alone', mixed.ratio, '×', { atMost: 1.5 });
process.exit(0);
