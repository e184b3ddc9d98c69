/**
 * Nearest neighbours over a large catalogue: the int8 index in memory against sqlite-vec's float scan.
 * Vectors are synthetic (a seeded mixture of 300 clusters), rows minimal. `node search.mjs [rows]`, default 100000.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVectorIndexes } from './vector-indexes.mjs';

const ROWS = Number(process.argv[2] ?? 100_000);
const DIMENSIONS = 384;
const QUERIES = 30;

let state = 12345;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
const unit = (raw) => {
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
};
const centres = Array.from({ length: 300 }, () => unit(Array.from({ length: DIMENSIONS }, gauss)));
const sample = () => {
  const centre = centres[Math.floor(random() * centres.length)];
  return unit(Array.from(centre, (value) => value + 0.045 * gauss()));
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rssMb = () => process.memoryUsage.rss() / 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'tastematch-bench-'));
try {
  const { modelVersion, addRows, onDisk, inMemory, close } = await openVectorIndexes(
    join(folder, 'bench.db'),
    DIMENSIONS,
  );
  for (let start = 1; start <= ROWS; start += 1_000) {
    const count = Math.min(1_000, ROWS - start + 1);
    addRows(Array.from({ length: count }, (_, i) => rowOf(start + i)));
  }

  const before = rssMb();
  const fillAt = performance.now();
  await inMemory.fill(modelVersion);
  const fillMs = performance.now() - fillAt;
  globalThis.gc?.();
  console.log(
    `| ${ROWS} rows: int8 index filled in | ${fillMs.toFixed(0)} ms | +${(rssMb() - before).toFixed(1)} MB RSS |`,
  );

  for (const [name, filters] of [
    ['no filter', {}],
    ['50 % filter', { minRating: 3 }],
    ['10 % filter', { minRating: 3.5 }],
    ['1 % filter', { minRating: 4 }],
    ['0.1 % filter', { minRating: 5 }],
  ]) {
    const times = { onDisk: [], inMemory: [] };
    let hits = 0;
    for (let i = 0; i < QUERIES; i += 1) {
      const request = { vector: sample(), limit: 10, filters, excludedIds: [], modelVersion };
      const diskAt = performance.now();
      const exact = await onDisk.nearest(request);
      times.onDisk.push(performance.now() - diskAt);
      const memoryAt = performance.now();
      const found = await inMemory.nearest(request);
      times.inMemory.push(performance.now() - memoryAt);
      const ids = new Set(exact.map(({ id }) => id));
      hits += found.filter(({ id }) => ids.has(id)).length;
    }
    const [disk, memory] = [median(times.onDisk), median(times.inMemory)];
    console.log(
      `| top 10, ${name} | in memory ${memory.toFixed(1)} ms, sqlite-vec ${disk.toFixed(1)} ms (${(disk / memory).toFixed(1)} ×) | recall@10 ${(hits / QUERIES / 10).toFixed(3)} |`,
    );
  }
  close();
} finally {
  rmSync(folder, { recursive: true });
}

/** Ratings make filters of known selectivity: ≥ 5 is 0.1 %, ≥ 4 is 1 %, ≥ 3.5 is 10 %, ≥ 3 is 50 %. */
function rowOf(id) {
  const i = id - 1;
  const rating = i % 1_000 === 0 ? 5 : i % 100 === 0 ? 4 : i % 10 === 0 ? 3.5 : i % 2 === 0 ? 3 : 1;
  return { id, rating, vector: sample() };
}
