/** What the database guarantees: vector and record together or not at all, and queries that cannot break it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fc } from './support/properties.ts';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { distanceKm } from '../src/catalog/distance.ts';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { createDataVersion } from '../src/storage/sqlite/connection/data-version.ts';
import { createStoredVectors } from '../src/storage/sqlite/embeddings/stored-vectors.ts';
import { createVectorChanges } from '../src/storage/sqlite/embeddings/vector-changes.ts';
import { createCurrentVectors } from '../src/storage/sqlite/search/current-vectors.ts';
import { createVectorMap } from '../src/storage/sqlite/search/sqlite-vector-map.ts';
import { openMemoryDatabase, testModel } from './support/memory-database.ts';
import { temporaryFolder, until } from './support/service.ts';

const vector = new Float32Array([0.5, 0.5, 0.5, 0.5]);

test('a write that fails half-way leaves neither a vector without its record nor the reverse', async () => {
  const { add, database, embeddings, modelVersion, restaurants } = await openMemoryDatabase();
  const { id, textHash } = await add({ name: 'A' });
  database.exec(
    "CREATE TRIGGER fault BEFORE INSERT ON embeddings BEGIN SELECT RAISE(ABORT, 'injected'); END",
  );
  await assert.rejects(embeddings.save({ restaurantId: id, textHash, vector, modelVersion }), /injected/);
  const counts = database
    .prepare('SELECT (SELECT count(*) FROM vectors_1), (SELECT count(*) FROM embeddings)')
    .raw();
  assert.deepEqual(counts.get(), [0, 0]);
  database.exec('DROP TRIGGER fault');
  await embeddings.save({ restaurantId: id, textHash, vector, modelVersion });
  assert.deepEqual(counts.get(), [1, 1]);
  assert.deepEqual(await embeddings.findVector(id, modelVersion), vector);
  await restaurants.delete(id);
  assert.deepEqual(counts.get(), [0, 0]);
});

test('a vector of a text that has changed, or of a row that is gone, is not stored', async () => {
  const { add, embeddings, modelVersion } = await openMemoryDatabase();
  const { id } = await add({ name: 'A' });
  const save = async (restaurantId: number, textHash: string) =>
    (await embeddings.save({ restaurantId, textHash, vector, modelVersion })).status;
  assert.deepEqual([await save(id, 'of an earlier text'), await save(99, 'x')], ['text-changed', 'gone']);
  await assert.rejects(
    embeddings.save({ restaurantId: id, textHash: 'x', vector: vector.slice(1), modelVersion }),
    RangeError,
  );
});

test('a failure is listed with its reason, hides behind no newer text, and is forgotten by a success', async () => {
  const { add, embeddings, modelVersion, restaurants } = await openMemoryDatabase();
  const { id, textHash } = await add({ name: 'A' });
  const at = new Date().toISOString();
  const failure = { reason: 'timeout', detail: 'too slow', attempts: 1, failedAt: at, retryAt: at } as const;
  await embeddings.recordFailure(id, textHash, failure, modelVersion);
  assert.equal((await restaurants.find(id, modelVersion))?.embedding.reason, 'timeout');
  assert.deepEqual(await embeddings.listFailures(10, modelVersion), [
    { restaurantId: id, name: 'A', ...failure },
  ]);
  await embeddings.save({ restaurantId: id, textHash, vector, modelVersion });
  assert.deepEqual(await embeddings.listFailures(10, modelVersion), []);
});

test('a model version without vectors is dropped, comes back when it is used, and its id is given to no other', async () => {
  const { add, database, embeddings, modelVersion: own, modelVersions } = await openMemoryDatabase();
  await modelVersions.dropUnused(await modelVersions.register({ ...testModel, model: 'other' }));
  assert.throws(() => database.prepare(`SELECT count(*) FROM vectors_${own.id}`), /no such table/);
  const third = await modelVersions.register({ ...testModel, model: 'third', dimensions: 8 });
  assert.notEqual(third.id, own.id);
  assert.deepEqual(await modelVersions.register(testModel), own);
  const { id, textHash } = await add({ name: 'A' });
  const saved = await embeddings.save({ restaurantId: id, textHash, vector, modelVersion: own });
  assert.equal(saved.status, 'stored');
});

test('any text is a valid query of the list', async () => {
  const { restaurants, modelVersion } = await openMemoryDatabase();
  await restaurants.create(restaurantFieldsSchema.parse({ name: 'Feijoada à Mineira' }), { modelVersion });
  const list = (query: string) =>
    restaurants.list({ filters: {}, query, sort: 'id', limit: 10, modelVersion });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (query) => {
      assert.ok((await list(query)).total <= 1);
    }),
    { numRuns: 500 },
  );
  for (const query of ['feijoada a mineira', 'FEIJOADA À MINEIRA', 'feij', 'mineira feijoada']) {
    assert.equal((await list(query)).total, 1, query);
  }
});

test('paging gives each row exactly once, whatever the ties and gaps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.constantFrom('a', 'B', 'ç'), rating: fc.constantFrom(null, 1, 4.5) }), {
        maxLength: 12,
      }),
      fc.constantFrom('id', '-id', 'name', '-name', 'rating', '-rating', 'createdAt', '-createdAt'),
      fc.integer({ min: 1, max: 5 }),
      async (rows, sort, limit) => {
        const { restaurants, modelVersion } = await openMemoryDatabase();
        for (const row of rows) await restaurants.create(restaurantFieldsSchema.parse(row), { modelVersion });
        const seen: number[] = [];
        let after;
        do {
          const page = await restaurants.list({ filters: {}, sort, limit, after, modelVersion });
          seen.push(...page.items.map(({ id }) => id));
          after = page.next;
        } while (after);
        assert.deepEqual(
          seen.toSorted((a, b) => a - b),
          rows.map((_, index) => index + 1),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('a file that is no database, or was written by a newer release, is refused with a reason', async (t) => {
  const folder = await temporaryFolder(t);
  const text = join(folder, 'text.db');
  await writeFile(text, 'this is not a database, it is a letter to the operator '.repeat(100));
  assert.throws(() => openDatabase(text), /damaged, or not an SQLite file/);
  const newer = join(folder, 'newer.db');
  const database = openDatabase(newer);
  database.pragma('user_version = 999');
  database.close();
  assert.throws(() => openDatabase(newer), /schema 999/);
});

test('distances on the sphere are those of known places', () => {
  // São Paulo (GRU) to Lisbon (LIS): 7,930 km on the great circle between the airports.
  assert.ok(Math.abs(distanceKm(-23.4356, -46.4731, 38.7742, -9.1342) - 7930) < 15);
  assert.ok(Math.abs(distanceKm(0, 179.9, 0, -179.9) - 22.24) < 0.1);
});

test('a vector that calls for new axes of the map is stored before they are fitted', async () => {
  const { add, database, embeddings, modelVersion } = await openMemoryDatabase();
  const changes = createVectorChanges();
  const scheduled: (() => void)[] = [];
  const vectors = createCurrentVectors(database, createDataVersion(database), createStoredVectors(database));
  const map = createVectorMap(database, vectors, changes, (work) => scheduled.push(work));
  const { fit } = await map.points(10, modelVersion);
  for (let i = 1; i <= 9; i += 1) {
    const { id: restaurantId, textHash } = await add({ name: `R${i}` });
    const own = new Float32Array([Math.cos(i), Math.sin(i), 0, 0]);
    await embeddings.save({ restaurantId, textHash, vector: own, modelVersion });
    changes.saved(restaurantId, own, modelVersion.id);
    assert.equal((await map.position(restaurantId, modelVersion))?.fit, fit);
  }
  assert.equal(scheduled.length, 1);
  scheduled[0]?.();
  await until('the axes are fitted', async () => (await map.position(1, modelVersion))?.fit !== fit);
});
