/**
 * One index of the search measurement in a process of its own: builds it from the file of vectors, asks the queries,
 * prints build time, memory, and times and recall by filter. `node search-contender.mjs NAME FOLDER SIZE QUERIES`
 */
import { mkdtempSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { memoryOf } from './process-memory.mjs';
import { contenders, filters } from './search-contenders.mjs';
import { median, percentile } from './service.mjs';
import { DIMENSIONS } from './synthetic-vectors.mjs';

const [, , name, folder, sizeText, queriesText] = process.argv;
const size = Number(sizeText);
const PART_ROWS = 1_000;
const WARM_UP = 20;
/** One filter takes no longer than this: what is slow is asked less often. Without a filter there is time for all. */
const BUDGET_MS = 8_000;
const UNFILTERED_BUDGET_MS = 40_000;
const LEAST_QUERIES = 30;

/** The vectors from the file, so that in memory is what the index keeps, and nothing else. */
function* read() {
  const file = openSync(join(folder, 'vectors.f32'));
  const bytes = Buffer.alloc(PART_ROWS * DIMENSIONS * 4);
  for (let first = 0; first < size; first += PART_ROWS) {
    const rows = readSync(file, bytes) / DIMENSIONS / 4;
    yield Array.from({ length: rows }, (_, row) => ({
      id: first + row + 1,
      vector: new Float32Array(bytes.buffer, bytes.byteOffset + row * DIMENSIONS * 4, DIMENSIONS),
    }));
  }
}

const { queries, truth } = JSON.parse(readFileSync(join(folder, 'queries.json'), 'utf8'));
const vectors = queries.map((query) => Float32Array.from(query));
const own = mkdtempSync(join(folder, 'own-'));
const before = memoryOf(process.pid);
const startedAt = performance.now();
const search = await contenders[name]({ read, folder: own, size });
const builtInMs = performance.now() - startedAt;
for (const query of vectors.slice(0, WARM_UP)) await search(query, filters[0]);
globalThis.gc();
const after = memoryOf(process.pid);

const byFilter = [];
for (const [which, filter] of filters.entries()) {
  const times = [];
  let [found, wanted] = [0, 0];
  const end = performance.now() + (which === 0 ? UNFILTERED_BUDGET_MS : BUDGET_MS);
  for (const [index, query] of vectors.slice(WARM_UP, WARM_UP + Number(queriesText)).entries()) {
    if (times.length >= LEAST_QUERIES && performance.now() > end) break;
    const at = performance.now();
    const ids = await search(query, filter);
    times.push(performance.now() - at);
    const right = new Set(truth[index + WARM_UP][which]);
    found += ids.filter((id) => right.has(id)).length;
    wanted += right.size;
  }
  byFilter.push({
    share: filter.share,
    p50: median(times),
    p95: percentile(times, 0.95),
    recall: found / wanted,
    queries: times.length,
  });
}
const result = {
  builtInSeconds: builtInMs / 1_000,
  rssMb: after.rssMb - before.rssMb,
  anonymousMb: after.anonymousMb - before.anonymousMb,
  byFilter,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
