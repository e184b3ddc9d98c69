/** What is kept because it took long to read is never older than the last write. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openStores } from '../src/storage/sqlite/open.ts';
import { temporaryFolder } from './support/service.ts';

test('counts and cuisines follow every write, also of another process', async (t) => {
  const databasePath = join(await temporaryFolder(t), 'test.db');
  const own = openStores({ databasePath, int8IndexMinRows: 5_000 });
  const other = openStores({ databasePath, int8IndexMinRows: 5_000 });
  const generation = { model: 'm', sha256: 'a', templateVersion: 1, dimensions: 4 };
  const look = async () => [
    (await own.embeddings.counts()).total,
    (await own.embeddings.counts()).ready,
    (await own.similarity.countMatches({})).embedded,
    (await own.restaurants.cuisines(10)).join(),
  ];
  const add = (stores: typeof own, name: string) =>
    stores.restaurants.create(restaurantFieldsSchema.parse({ name, cuisineType: `of ${name}` }));
  try {
    await own.embeddings.useGeneration(generation);
    assert.deepEqual(await look(), [0, 0, 0, '']);
    await add(own, 'A');
    assert.deepEqual(await look(), [1, 0, 0, 'of A']);
    await add(other, 'B');
    assert.deepEqual(await look(), [2, 0, 0, 'of A,of B']);
    const textHash = (await own.embeddings.findSource(1))?.textHash ?? '';
    await own.embeddings.save({ restaurantId: 1, textHash, vector: new Float32Array([1, 0, 0, 0]) });
    assert.deepEqual(await look(), [2, 1, 1, 'of A,of B']);
    await own.embeddings.useGeneration(undefined);
    assert.deepEqual(await look(), [2, 0, 0, 'of A,of B'], 'without a model nothing is ready');
  } finally {
    own.close();
    other.close();
  }
});
