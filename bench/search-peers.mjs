/**
 * The ten nearest of 1,000, 10,000 and 100,000 vectors (1,000,000 with --large): our index on its database,
 * sqlite-vec float and int8, usearch HNSW, hnswlib; without and with filters. Each in a process of its own. Synthetic
 * vectors.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { goalsHeading, heading, isQuick, row, show, tell } from './goals.mjs';
import { contenders, filters, ratingOf } from './search-contenders.mjs';
import { root, temporaryFolder } from './service.mjs';
import { createVectorSource, DIMENSIONS, dot } from './synthetic-vectors.mjs';

const QUERIES = isQuick ? 20 : 200;
const WARM_UP = 20;
const isLarge = process.argv.includes('--large');
const sizes = isQuick ? [1_000, 6_000] : [1_000, 10_000, 100_000, ...(isLarge ? [1_000_000] : [])];
const TIMEOUT_MS = isLarge ? 7_200_000 : 300_000;
const folder = temporaryFolder();

/** Writes vectors, queries and the right answers by filter, best first by exact float. */
function prepare(size) {
  const next = createVectorSource(size);
  const vectors = Array.from({ length: size }, next);
  const file = openSync(join(folder, 'vectors.f32'), 'w');
  for (const vector of vectors) writeSync(file, new Uint8Array(vector.buffer));
  closeSync(file);
  const queries = Array.from({ length: WARM_UP + QUERIES }, next);
  const truth = queries.map((query) => {
    const scores = Float32Array.from(vectors, (vector) => dot(query, vector));
    return filters.map(({ minRating }) => nearest(scores, minRating));
  });
  const asNumbers = queries.map((query) => [...query]);
  writeFileSync(join(folder, 'queries.json'), JSON.stringify({ queries: asNumbers, truth }));
}

function nearest(scores, minRating) {
  const best = [];
  for (let id = 1; id <= scores.length; id += 1) {
    const score = scores[id - 1];
    if (best.length === 10 && score <= best[9].score) continue;
    if (ratingOf(id) < minRating) continue;
    best.push({ id, score });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, 10);
  }
  return best.map(({ id }) => id);
}

function run(name, size) {
  const script = join(root, 'bench/search-contender.mjs');
  const args = ['--expose-gc', script, name, folder, String(size), String(QUERIES)];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status === 0) return JSON.parse(stdout);
  const isLate = error?.code === 'ETIMEDOUT';
  // A peer that is slow to build is left out; a program that fails is a failure.
  if (!isLate) process.exitCode = 1;
  const why = isLate
    ? `not built and asked within ${TIMEOUT_MS / 60_000} minutes`
    : stderr.trim().split('\n').at(-1);
  row(show(size), name, why, '', '', '', '', '', '');
  return undefined;
}

const results = new Map();
heading(
  'vectors',
  'index',
  'built in s',
  'p50 ms',
  'p95 ms',
  'recall@10',
  'queries',
  '+RSS MB',
  '+anonymous MB',
);
for (const size of sizes) {
  prepare(size);
  for (const name of Object.keys(contenders)) {
    const result = run(name, size);
    if (!result) continue;
    results.set(`${name} ${size}`, result);
    const [{ p50, p95, recall, queries }] = result.byFilter;
    const figures = [result.builtInSeconds, p50, p95].map(show);
    const memory = [result.rssMb, result.anonymousMb].map((mb) => show(Math.round(mb)));
    row(show(size), name, ...figures, recall.toFixed(3), queries, ...memory);
  }
  rmSync(join(folder, 'vectors.f32'));
}

const largest = sizes.at(-1);
console.log(
  '\nFilters: p50 in ms, and recall@10. The HNSW indexes cannot filter: they are asked for more (up to',
);
console.log('4,000 rows) and what is not allowed is thrown away.\n');
heading(`${show(largest)} vectors`, ...filters.map(({ share }) => `${share * 100} % pass`));
for (const name of Object.keys(contenders)) {
  const result = results.get(`${name} ${largest}`);
  if (result) row(name, ...result.byFilter.map(({ p50, recall }) => `${show(p50)} (${recall.toFixed(3)})`));
}

const mine = results.get(`TasteMatch ${largest}`);
if (mine && largest === 100_000) {
  const p50 = Object.fromEntries(mine.byFilter.map((one) => [one.share, one.p50]));
  const float = results.get(`sqlite-vec float ${largest}`);
  console.log('');
  goalsHeading('top 10 of 100,000 vectors');
  tell('no filter, p50', p50[1], 'ms', { atMost: 10 });
  if (float) tell('against sqlite-vec float', float.byFilter[0].p50 / p50[1], '× as fast', { atLeast: 10 });
  tell('recall@10', mine.byFilter[0].recall, '', { atLeast: 0.99 });
  tell('50 % filter, p50', p50[0.5], 'ms', { atMost: 20 });
  tell('1 % filter, p50', p50[0.01], 'ms', { atMost: 5 });
}
const lines = Object.fromEntries(
  Object.keys(contenders).map((name) => [
    name,
    sizes.map((size) => results.get(`${name} ${size}`)?.byFilter[0].p50 ?? null),
  ]),
);
console.log(`series ${JSON.stringify({ name: 'search', x: sizes, lines })}`);
