/**
 * Nearest neighbours without filters at 1,000, 10,000 and 100,000 vectors (1,000,000 with --large): our index, sqlite-vec
 * float and int8, usearch HNSW, hnswlib. Synthetic vectors: a seeded mixture of 300 clusters in 384 dimensions.
 */
import SqliteDatabase from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { createRequire } from 'node:module';
import { createInt8Matrix } from '../dist/src/store/int8-matrix.js';
import { createRandom, median, percentile } from './service.mjs';

const require = createRequire(import.meta.url);
const DIMENSIONS = 384;
const QUERIES = 30;
const sizes = [1_000, 10_000, 100_000, ...(process.argv.includes('--large') ? [1_000_000] : [])];
const random = createRandom(12_345);
const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
const unit = (raw) => {
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
};
const centres = Array.from({ length: 300 }, () => unit(Float32Array.from({ length: DIMENSIONS }, gauss)));
const sample = () => {
  const centre = centres[Math.floor(random() * centres.length)];
  return unit(centre.map((value) => value + 0.045 * gauss()));
};
const rssMb = () => {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
};
const dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i += 1) sum += a[i] * b[i];
  return sum;
};

/** Each gives a function from a query to the ids of its ten nearest. */
const contenders = {
  'TasteMatch (int8 matrix, rescored)': (vectors) => {
    const matrix = createInt8Matrix(DIMENSIONS);
    vectors.forEach((vector, i) => matrix.set(i + 1, vector));
    return async (query) =>
      (await matrix.nearest(query, 110)).ids
        .map((id) => ({ id, score: dot(query, vectors[id - 1]) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 10)
        .map(({ id }) => id);
  },
  'sqlite-vec float': (vectors) =>
    sqliteVec(vectors, 'float[384] distance_metric=cosine', '?', (vector) => vector),
  'sqlite-vec int8': (vectors) =>
    sqliteVec(vectors, 'int8[384] distance_metric=cosine', 'vec_int8(?)', (vector) =>
      Int8Array.from(vector, (value) => Math.round(127 * Math.max(-1, Math.min(1, value * 4)))),
    ),
  'usearch HNSW': (vectors) => {
    const { Index, MetricKind } = require('usearch');
    const index = new Index({ dimensions: DIMENSIONS, metric: MetricKind.Cos, connectivity: 16 });
    vectors.forEach((vector, i) => index.add(BigInt(i + 1), vector));
    return (query) => [...index.search(query, 10, 1).keys].map(Number);
  },
  'hnswlib-node': (vectors) => {
    const { HierarchicalNSW } = require('hnswlib-node');
    const index = new HierarchicalNSW('cosine', DIMENSIONS);
    index.initIndex(vectors.length);
    vectors.forEach((vector, i) => index.addPoint([...vector], i + 1));
    index.setEf(64);
    return (query) => index.searchKnn([...query], 10).neighbors;
  },
};

function sqliteVec(vectors, type, value, convert) {
  const database = new SqliteDatabase(':memory:');
  loadSqliteVec(database);
  database.exec(`CREATE VIRTUAL TABLE v USING vec0 (vector ${type})`);
  const insert = database.prepare(`INSERT INTO v (rowid, vector) VALUES (?, ${value})`);
  database.transaction(() => vectors.forEach((vector, i) => insert.run(BigInt(i + 1), convert(vector))))();
  const select = database
    .prepare(`SELECT rowid FROM v WHERE vector MATCH ${value} AND k = 10 ORDER BY distance`)
    .pluck();
  return (query) => select.all(convert(query));
}

const exact = (vectors, query) =>
  vectors
    .map((vector, i) => [dot(query, vector), i + 1])
    .sort((a, b) => b[0] - a[0])
    .slice(0, 10)
    .map(([, id]) => id);

console.log(
  '| vectors | index | built in s | p50 ms | p95 ms | recall@10 | +MB |\n|---|---|---|---|---|---|---|',
);
const lines = {};
for (const size of sizes) {
  const vectors = Array.from({ length: size }, sample);
  const queries = Array.from({ length: QUERIES }, sample);
  const truth = queries.map((query) => new Set(exact(vectors, query)));
  for (const [name, build] of Object.entries(contenders)) {
    if (size >= 100_000 && name === 'hnswlib-node' && !process.argv.includes('--large')) {
      console.log(
        `| ${size.toLocaleString('en')} | ${name} | left out: building takes minutes (--large) | | | | |`,
      );
      continue;
    }
    try {
      const before = rssMb();
      const startedAt = performance.now();
      const search = build(vectors);
      const builtIn = (performance.now() - startedAt) / 1_000;
      const memory = rssMb() - before;
      const times = [];
      let hits = 0;
      for (const [i, query] of queries.entries()) {
        const at = performance.now();
        const found = await search(query);
        times.push(performance.now() - at);
        hits += found.filter((id) => truth[i].has(id)).length;
      }
      (lines[name] ??= []).push(median(times));
      console.log(
        `| ${size.toLocaleString('en')} | ${name} | ${builtIn.toFixed(1)} | ${median(times).toFixed(2)} | ${percentile(times, 0.95).toFixed(2)} | ${(hits / QUERIES / 10).toFixed(3)} | ${memory.toFixed(0)} |`,
      );
    } catch (error) {
      console.log(
        `| ${size.toLocaleString('en')} | ${name} | skipped: ${String(error.message).split('\n')[0]} | | | | |`,
      );
    }
  }
}
console.log(`series ${JSON.stringify({ name: 'search', x: sizes, lines })}`);
