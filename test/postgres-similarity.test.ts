/** Similarity on PostgreSQL: which way a search takes, and how much of the exact answer it finds. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import type { RestaurantFilters } from '../src/catalog/restaurant-filters.ts';
import type { NearestNeighbours, NearestRequest } from '../src/search/nearest-neighbours.ts';
import { openDatabase, type Database } from '../src/storage/postgres/connection/database.ts';
import { openPostgresStores } from '../src/storage/postgres/open.ts';
import { createNearestNeighbours, nearestByIndexQuery } from '../src/storage/postgres/search/nearest-rows.ts';
import { createVectorIndexes, type VectorIndexes } from '../src/storage/postgres/search/vector-indexes.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';

const ROWS = 6_000;
const BATCH = 1_000;
const DIMENSIONS = 64;
/** The vectors lie in these; the rest is for queries unlike any of them. */
const USED_DIMENSIONS = 32;
const CLUSTERS = 100;

/** Deterministic, in [-1, 1). */
function createRandom(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
}
const random = createRandom();
const randomVector = (spread: number) =>
  Array.from({ length: DIMENSIONS }, (_, i) => (i < USED_DIMENSIONS ? spread * random() : 0));
const unit = (raw: readonly number[]) => Float32Array.from(raw, (value) => value / Math.hypot(...raw));
const centres = Array.from({ length: CLUSTERS }, () => randomVector(1));

/** One of the clusters' vectors, of unit length. */
function nextVector(index: number): Float32Array {
  const noise = randomVector(0.7);
  return unit(noise.map((value, i) => value + (centres[index % CLUSTERS]?.[i] ?? 0)));
}

/** About equally far from all of them. */
const unlikeAll = () => unit(randomVector(0.2).map((value, i) => (i < USED_DIMENSIONS ? value : random())));

async function openIndexedCatalogue() {
  const { url, drop } = await createPostgresDatabase();
  const stores = await openPostgresStores({ databaseUrl: url });
  const database = openDatabase({ url, instance: 'test', maxConnections: 2, statementTimeoutMs: 60_000 });
  const modelVersion = await stores.modelVersions.register({
    model: 'clusters',
    sha256: '0'.repeat(64),
    templateVersion: 1,
    dimensions: DIMENSIONS,
  });
  for (let start = 0; start < ROWS; start += BATCH) {
    const records = Array.from({ length: BATCH }, (_, i) => ({
      line: start + i + 1,
      id: undefined,
      fields: restaurantFieldsSchema.parse({ name: `Casa ${start + i}`, rating: ((start + i) % 6) / 2 }),
    }));
    await stores.imports.importBatch(records, { skipExisting: false, dryRun: false });
  }
  const hashes = await database.rows<{ text_hash: Buffer }>('SELECT text_hash FROM restaurants ORDER BY id');
  for (let start = 0; start < ROWS; start += BATCH) {
    const packed = hashes
      .slice(start, start + BATCH)
      .map((row, i) => ({ textHash: row.text_hash.toString('hex'), vector: nextVector(start + i) }));
    await stores.vectors.storePacked(packed, modelVersion);
  }
  await database.run('ANALYZE');
  await createVectorIndexes(database).build(modelVersion);
  return {
    url,
    stores,
    database,
    modelVersion,
    async close() {
      await stores.close();
      await database.close();
      await drop();
    },
  };
}

const catalogue = noPostgres === false ? await openIndexedCatalogue() : undefined;
after(async () => catalogue?.close());

const ranges: Record<string, RestaurantFilters> = {
  'all restaurants': {},
  'two thirds of them': { minRating: 1 },
  'a third of them': { minRating: 2 },
  'few of them': { minRating: 2.5 },
};

const noIndex: VectorIndexes = { ensure: async () => false, build: async () => {}, close: async () => {} };

/** How many of the ten nearest rows of 50 queries are found. */
async function countHits(
  database: Database,
  found: NearestNeighbours,
  requests: Omit<NearestRequest, 'vector'>,
  nextQuery: (index: number) => Float32Array,
): Promise<number> {
  const exact = createNearestNeighbours(database, noIndex);
  let hits = 0;
  for (let i = 0; i < 50; i += 1) {
    const request = { ...requests, vector: nextQuery(i) };
    const rows = await found.nearest(request);
    const nearest = new Set((await exact.nearest(request)).map(({ id }) => id));
    assert.equal(rows.length, 10);
    hits += rows.filter(({ id }) => nearest.has(id)).length;
  }
  return hits;
}

for (const [name, filters] of Object.entries(ranges)) {
  test(
    `similarity among ${name} finds at least 99 of 100 of the ten nearest`,
    { skip: noPostgres },
    async () => {
      const { stores, database, modelVersion } = catalogue ?? assert.fail();
      const request = { limit: 10, filters, excludedIds: [], modelVersion };
      const hits = await countHits(database, stores.neighbours, request, (i) => nextVector(i * 7));
      assert.ok(hits >= 495, `${hits} of 500`);
    },
  );
}

test(
  'a query unlike all restaurants finds the ten nearest, however few candidates the index considers',
  { skip: noPostgres },
  async (t) => {
    const { url, database, modelVersion } = catalogue ?? assert.fail();
    const hasty = openDatabase({ url, instance: 'hasty', maxConnections: 1, statementTimeoutMs: 60_000 });
    t.after(() => hasty.close());
    await hasty.run('SET hnsw.ef_search = 10');
    const neighbours = createNearestNeighbours(hasty, { ...noIndex, ensure: async () => true });
    for (const filters of [{}, { minRating: 1 }]) {
      const request = { limit: 10, filters, excludedIds: [], modelVersion };
      const hits = await countHits(database, neighbours, request, unlikeAll);
      assert.ok(hits >= 495, `${hits} of 500`);
    }
  },
);

test(
  'a search with and without a filter reads the HNSW index and sorts no more than it gives',
  {
    skip: noPostgres,
  },
  async () => {
    const { database, modelVersion } = catalogue ?? assert.fail();
    for (const filters of [{}, { minRating: 1 }]) {
      const request = { vector: nextVector(3), limit: 10, filters, excludedIds: [17], modelVersion };
      const { sql, values } = nearestByIndexQuery(request);
      const plan = await database.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values);
      const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
      assert.match(lines, /Index Scan using vectors_\d+_by_similarity/, lines);
      assert.doesNotMatch(lines, /Seq Scan/, lines);
    }
  },
);
