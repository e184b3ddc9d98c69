/** What is kept because it took long to read is never older than the last write. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { createDataVersion } from '../src/storage/sqlite/connection/data-version.ts';
import { createDataVersionCache } from '../src/storage/sqlite/connection/data-version-cache.ts';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { createVectorChanges } from '../src/storage/sqlite/embeddings/vector-changes.ts';
import { createRestaurantStore } from '../src/storage/sqlite/restaurants/sqlite-restaurants.ts';
import { temporaryFolder } from './support/service.ts';

test('counts and cuisines follow every write, also of another process', async (t) => {
  const databasePath = join(await temporaryFolder(t), 'test.db');
  const own = await openStores({ databasePath, int8IndexMinRows: 5_000 });
  const other = await openStores({ databasePath, int8IndexMinRows: 5_000 });
  const model = { model: 'm', sha256: 'a', templateVersion: 1, dimensions: 4 };
  const registered = await own.modelVersions.register(model);
  let modelVersion: typeof registered | undefined = registered;
  const look = async () => [
    (await own.embeddings.counts(modelVersion)).total,
    (await own.embeddings.counts(modelVersion)).ready,
    (await own.search.countMatches({}, modelVersion)).embedded,
    (await own.restaurants.cuisines(10)).join(),
  ];
  const add = (stores: typeof own, name: string) =>
    stores.restaurants.create(restaurantFieldsSchema.parse({ name, cuisineType: `of ${name}` }), {
      modelVersion,
    });
  try {
    assert.deepEqual(await look(), [0, 0, 0, '']);
    await add(own, 'A');
    assert.deepEqual(await look(), [1, 0, 0, 'of A']);
    await add(other, 'B');
    assert.deepEqual(await look(), [2, 0, 0, 'of A,of B']);
    const textHash = (await own.embeddings.findSource(1, modelVersion))?.textHash ?? '';
    const vector = new Float32Array([1, 0, 0, 0]);
    await own.embeddings.save({ restaurantId: 1, textHash, vector, modelVersion: registered });
    assert.deepEqual(await look(), [2, 1, 1, 'of A,of B']);
    modelVersion = undefined;
    assert.deepEqual(await look(), [2, 0, 0, 'of A,of B'], 'without a model nothing is ready');
  } finally {
    await own.close();
    await other.close();
  }
});

test('view counts leave cached results as they are; any other write replaces them', async () => {
  const database = openDatabase(':memory:');
  const dataVersion = createDataVersion(database);
  const store = createRestaurantStore(database, createVectorChanges(), dataVersion);
  const cache = createDataVersionCache<number>(dataVersion, { max: 2 });
  let reads = 0;
  const read = () => cache.read('key', () => (reads += 1));
  const { id } = await store.create(restaurantFieldsSchema.parse({ name: 'A' }), { modelVersion: undefined });
  assert.deepEqual([read(), read()], [1, 1]);
  await store.addViews(new Map([[id, 3]]));
  assert.equal(read(), 1);
  await store.put(id, restaurantFieldsSchema.parse({ name: 'B' }), { modelVersion: undefined });
  assert.deepEqual([read(), read()], [2, 2]);
  database.close();
});
