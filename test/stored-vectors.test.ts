/** Vectors are read right whatever has been done to the tables that they lie in. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openStores } from '../src/storage/open-stores.ts';
import type { Stores } from '../src/storage/stores.ts';
import { contractModel, unitVector } from './contract/engine.ts';
import { temporaryFolder } from './support/service.ts';

const modelVersion = { ...contractModel, id: 1 };

async function addEmbedded(stores: Stores, count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    const { id } = await stores.restaurants.create(restaurantFieldsSchema.parse({ name: `R${i}` }), {
      modelVersion,
    });
    const { textHash } = (await stores.embeddings.findSource(id, modelVersion)) ?? assert.fail();
    await stores.embeddings.save({ restaurantId: id, textHash, vector: unitVector(id), modelVersion });
  }
}

/** Every way of reading: single rows, pages of an export, and the index in memory and on disk. */
async function assertVectors(stores: Stores, ids: readonly number[]): Promise<void> {
  for (const id of ids)
    assert.deepEqual(await stores.embeddings.findVector(id, modelVersion), unitVector(id));
  const exported = [];
  for await (const page of stores.exports.pages({ withVectors: true, modelVersion })) exported.push(...page);
  assert.deepEqual(
    exported.map(({ vector }) => vector),
    ids.map(unitVector),
  );
  const request = { limit: 3, filters: {}, excludedIds: [], modelVersion };
  const middle = ids[ids.length >> 1] ?? 0;
  for (let search = 0; search < 3; search += 1) {
    const found = await stores.neighbours.nearest({ ...request, vector: unitVector(middle) });
    assert.equal(found[0]?.id, middle);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('VACUUM after many deletions leaves every vector with its row', async (t) => {
  const databasePath = join(await temporaryFolder(t), 'test.db');
  let stores = await openStores({ databasePath, int8IndexMinRows: 1 });
  await stores.modelVersions.register(contractModel);
  await addEmbedded(stores, 60);
  for (let id = 1; id <= 40; id += 1) await stores.restaurants.delete(id);
  await stores.close();
  const database = new SqliteDatabase(databasePath);
  loadSqliteVec(database);
  database.exec('VACUUM');
  database.close();
  stores = await openStores({ databasePath, int8IndexMinRows: 1 });
  await assertVectors(
    stores,
    Array.from({ length: 20 }, (_, i) => i + 41),
  );
  await stores.close();
});

test('a table whose layout is not the expected one is read by the public interface, and that is reported', async (t) => {
  const databasePath = join(await temporaryFolder(t), 'test.db');
  const told: string[] = [];
  const open = () =>
    openStores({ databasePath, int8IndexMinRows: 1 }, { onSlowVectors: (reason) => told.push(reason) });
  let stores = await open();
  await stores.modelVersions.register(contractModel);
  await stores.close();
  const database = new SqliteDatabase(databasePath);
  loadSqliteVec(database);
  database.exec(`DROP TABLE vectors_1;
    CREATE VIRTUAL TABLE vectors_1 USING vec0 (vector float[4] distance_metric=cosine, chunk_size=8)`);
  database.close();
  stores = await open();
  await addEmbedded(stores, 30);
  await stores.close();
  stores = await open();
  told.length = 0;
  await assertVectors(
    stores,
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  assert.equal(told.length, 1);
  await stores.close();
});
