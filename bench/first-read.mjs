/**
 * The main job of the bundle in figures: start, first read against bare inference, memory of both processes idle,
 * loaded and unloaded. `--one-core` pins the service with its model to one core. Medians of several rounds. The exit
 * code is 1 when a goal is missed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBareInference } from './bare-inference.mjs';
import { goalsHeading, heading, isQuick, row, show, tell } from './goals.mjs';
import { isOneCore, pinMeasured, pinThisProcess } from './one-core.mjs';
import { memoryOf } from './process-memory.mjs';
import {
  childOf,
  makeBundle,
  median,
  percentile,
  root,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const ROUNDS = isQuick ? 2 : 7;
const COLD_READS = isQuick ? 20 : 300;
const folder = temporaryFolder();
/** What the image holds, with the settings of the image. */
const program = makeBundle();
const environment = { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0', MALLOC_ARENA_MAX: '1' };
const start = () => startService({ folder, environment, program, before: pinMeasured });
const rowsOf = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function readCold(service, id) {
  const { body, ms } = await service.getLean(`/restaurants/${id}`);
  if (body.embedding.status !== 'ready') throw new Error(`not embedded: ${JSON.stringify(body.embedding)}`);
  return ms;
}

async function measureStarts(firstId) {
  const figures = { first200: [], firstCold: [], rss: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    let startedAt = performance.now();
    let service = await start();
    await service.get('/restaurants');
    figures.first200.push(performance.now() - startedAt);
    figures.rss.push(memoryOf(service.pid).rssMb);
    await service.stop();
    startedAt = performance.now();
    service = await start();
    await readCold(service, firstId + round);
    figures.firstCold.push(performance.now() - startedAt);
    await service.stop();
  }
  return figures;
}

async function measureCold(service, restaurants) {
  const bare = await startBareInference(pinMeasured);
  const pairs = [];
  for (const [index, { name, cuisineType, description }] of restaurants.entries()) {
    const text = [name, cuisineType, description].filter(Boolean).join(' ');
    pairs.push({ bare: await bare.msFor(text), cold: await readCold(service, index + 1) });
  }
  bare.stop();
  return pairs.slice(Math.floor(pairs.length / 10));
}

function tellMemory(state, service, model) {
  const [one, other] = [memoryOf(service), memoryOf(model)];
  row(state, ...['rssMb', 'pssMb', 'anonymousMb'].flatMap((field) => [show(one[field]), show(other[field])]));
}

pinThisProcess();
const sample = rowsOf(readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8'));
const rows = [...sample, ...syntheticRestaurants(COLD_READS + ROUNDS, { seed: 7 })];
let service = await start();
await service.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
await service.stop();
const starts = await measureStarts(COLD_READS + 1);

service = await start();
await service.get('/restaurants');
heading('memory, MB', 'RSS service', 'model', 'PSS service', 'model', 'anonymous service', 'model');
tellMemory('idle: nothing embedded yet', service.pid, 0);
await service.request('POST', '/model/load');
const pairs = await measureCold(service, rows.slice(0, COLD_READS));
tellMemory(`loaded: after ${COLD_READS} cold reads`, service.pid, childOf(service.pid));
await service.request('POST', '/model/unload');
tellMemory('unloaded', service.pid, 0);
await service.stop();

const bare = median(pairs.map((pair) => pair.bare));
console.log('');
goalsHeading(isOneCore ? 'service and model on one core' : 'service');
const cold = pairs.map((pair) => pair.cold);
const goals = [
  tell('start to first 200', median(starts.first200), 'ms', { atMost: 250 }),
  tell('start to first cold GET answered', median(starts.firstCold), 'ms', { atMost: 1_200 }),
  tell('service before any embedding, RSS', median(starts.rss), 'MB', { atMost: 65 }),
  tell('bare inference of the same texts, p50', bare, 'ms'),
  tell('cold GET, model loaded, p50', median(cold), 'ms', { atMost: 1.25 * bare + 1 }),
  tell('cold GET, model loaded, p99', percentile(cold, 0.99), 'ms'),
];
if (!goals.every(Boolean)) process.exitCode = 1;
