/** What becomes of the vectors of an earlier model, in the process that holds the model. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { contractModel, unitVector } from './contract/engine.ts';
import { afterwards, temporaryFolder, until } from './support/service.ts';

async function openWithVectors(t: TestContext, count: number) {
  const databasePath = join(await temporaryFolder(t), 'test.db');
  const stores = await openStores({ databasePath, int8IndexMinRows: 1_000 }, { exclusiveModel: {} });
  afterwards(t, () => stores.close());
  const register = (model: string) => stores.modelVersions.register({ ...contractModel, model });
  const first = await register('first');
  const embed = async (restaurantId: number, modelVersion: typeof first) => {
    const { textHash } = (await stores.embeddings.findSource(restaurantId, modelVersion)) ?? assert.fail();
    const vector = unitVector(restaurantId);
    await stores.embeddings.save({ restaurantId, textHash, vector, modelVersion });
  };
  for (let i = 1; i <= count; i += 1) {
    await stores.restaurants.create(restaurantFieldsSchema.parse({ name: `R${i}` }), { modelVersion: first });
    await embed(i, first);
  }
  const reader = new SqliteDatabase(databasePath, { readonly: true });
  afterwards(t, async () => reader.close());
  const versionsWithVectors = () =>
    reader.prepare('SELECT DISTINCT model_version_id FROM embeddings ORDER BY 1').pluck().all();
  return { stores, register, first, embed, versionsWithVectors };
}

test('the vectors of the earlier model are dropped by themselves once the new model covers them, in any order', async (t) => {
  const count = 40;
  const { stores, register, first, embed, versionsWithVectors } = await openWithVectors(t, count);
  const second = await register('second');
  const order = Array.from({ length: count }, (_, i) => ((i * 7) % count) + 1);
  for (const id of order.slice(0, -1)) await embed(id, second);
  assert.deepEqual(versionsWithVectors(), [first.id, second.id]);
  assert.equal((await stores.embeddings.counts(first)).ready, count);
  await embed(order.at(-1) ?? 0, second);
  await until('the earlier vectors are dropped', () => versionsWithVectors().length === 1);
  const { total, ready, stale } = await stores.embeddings.counts(second);
  assert.deepEqual([total, ready, stale], [count, count, 0]);
  assert.equal((await stores.embeddings.counts(first)).stale, count);
});

test('the first vector of a third model drops those of the oldest', async (t) => {
  const { stores, register, first, embed, versionsWithVectors } = await openWithVectors(t, 3);
  const second = await register('second');
  await embed(1, second);
  const third = await register('third');
  assert.deepEqual(versionsWithVectors(), [first.id, second.id]);
  await embed(1, third);
  assert.deepEqual(versionsWithVectors(), [second.id, third.id]);
  const { ready, stale, missing } = await stores.embeddings.counts(third);
  assert.deepEqual([ready, stale, missing], [1, 0, 2]);
});
