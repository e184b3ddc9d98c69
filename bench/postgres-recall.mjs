/**
 * recall@10 and time of similarity on PostgreSQL, by the HNSW index and by comparing every vector, with and without
 * filters, for queries near stored vectors and for queries unlike any: 20,000 synthetic vectors (or as many as the first
 * argument says) on a server of its own. Prints JSON.
 */
import { restaurantFieldsSchema } from '../dist/src/catalog/restaurant.js';
import { openDatabase } from '../dist/src/storage/postgres/connection/database.js';
import { openPostgresStores } from '../dist/src/storage/postgres/open.js';
import {
  createNearestNeighbours,
  nearestByIndexQuery,
} from '../dist/src/storage/postgres/search/nearest-rows.js';
import { createVectorIndexes } from '../dist/src/storage/postgres/search/vector-indexes.js';
import { startPostgres } from '../dist/test/support/postgres-server.js';
import { median, percentile } from './service.mjs';
import { createVectorSource, DIMENSIONS } from './synthetic-vectors.mjs';

const ROWS = Number(process.argv[2] ?? 20_000);
const QUERIES = 100;
const LIMIT = 10;
const ranges = {
  unfiltered: {},
  'one row in 2': { minRating: 2.5 },
  'one row in 8': { cuisineTypes: ['Cuisine 3'] },
  'one row in 50': { minRating: 4.9 },
};

const server = await startPostgres();
const database = openDatabase({
  url: server.url,
  instance: 'bench',
  maxConnections: 2,
  statementTimeoutMs: 600_000,
});
const stores = await openPostgresStores({ databaseUrl: server.url });
const modelVersion = await stores.modelVersions.register({
  model: 'synthetic',
  sha256: '0'.repeat(64),
  dimensions: DIMENSIONS,
  templateVersion: 1,
});
const next = createVectorSource();
for (let start = 0; start < ROWS; start += 1_000) {
  const records = Array.from({ length: Math.min(1_000, ROWS - start) }, (_, i) => ({
    line: start + i + 1,
    id: undefined,
    fields: restaurantFieldsSchema.parse({
      name: `Casa ${start + i}`,
      externalId: `row-${start + i}`,
      cuisineType: `Cuisine ${(start + i) % 8}`,
      rating: ((start + i) % 50) / 10,
    }),
  }));
  await stores.imports.importBatch(records, { skipExisting: false, dryRun: false });
}
const hashes = await database.rows('SELECT text_hash FROM restaurants ORDER BY id');
for (let start = 0; start < ROWS; start += 500) {
  const packed = hashes
    .slice(start, start + 500)
    .map(({ text_hash: hash }) => ({ textHash: hash.toString('hex'), vector: next() }));
  await stores.vectors.storePacked(packed, modelVersion);
}
await database.run('ANALYZE');
const buildStart = performance.now();
await createVectorIndexes(database).build(modelVersion);
const report = { rows: ROWS, buildSeconds: Math.round((performance.now() - buildStart) / 1_000) };

const noIndex = { ensure: async () => false, build: async () => {}, close: async () => {} };
const exact = createNearestNeighbours(database, noIndex);
const figure = (times) => ({
  p50: Number(median(times).toFixed(1)),
  p99: Number(percentile(times, 0.99).toFixed(1)),
});

async function measure(filters, nextQuery) {
  const [own, all] = [[], []];
  let hits = 0;
  for (let i = 0; i < QUERIES; i += 1) {
    const request = { vector: nextQuery(), limit: LIMIT, filters, excludedIds: [], modelVersion };
    let start = performance.now();
    const found = await stores.neighbours.nearest(request);
    own.push(performance.now() - start);
    start = performance.now();
    const ids = new Set((await exact.nearest(request)).map(({ id }) => id));
    all.push(performance.now() - start);
    hits += found.filter(({ id }) => ids.has(id)).length;
  }
  const { sql, values } = nearestByIndexQuery({
    vector: nextQuery(),
    limit: LIMIT,
    filters,
    excludedIds: [],
    modelVersion,
  });
  const plan = await database.rows(`EXPLAIN ${sql}`, values);
  return {
    recallAt10: hits / (QUERIES * LIMIT),
    nearestMs: figure(own),
    exactMs: figure(all),
    planUsesIndex: plan.some((line) => line['QUERY PLAN'].includes('_by_similarity')),
  };
}

const unlike = createVectorSource(11);
for (const [name, filters] of Object.entries(ranges)) {
  report[name] = {
    'queries like the vectors': await measure(filters, next),
    'queries unlike any vector': await measure(filters, unlike),
  };
}
process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
await stores.close();
await database.close();
await server.remove();
