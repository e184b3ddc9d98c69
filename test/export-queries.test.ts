/** What an export asks of the database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { createDataVersion } from '../src/storage/sqlite/connection/data-version.ts';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { createModelVersionStore } from '../src/storage/sqlite/embeddings/model-versions.ts';
import { createSaveVector } from '../src/storage/sqlite/embeddings/save-vector.ts';
import { createStoredVectors } from '../src/storage/sqlite/embeddings/stored-vectors.ts';
import { createVectorChanges } from '../src/storage/sqlite/embeddings/vector-changes.ts';
import { createExportStore } from '../src/storage/sqlite/restaurants/export-pages.ts';
import { createRestaurantStore } from '../src/storage/sqlite/restaurants/sqlite-restaurants.ts';
import { hashText } from '../src/embedding/embedding-text.ts';
import { contractModel, unitVector } from './contract/engine.ts';

test('a page of an export takes one query for its rows and one for all of its vectors, and counts nothing', async () => {
  const statements: string[] = [];
  const database = openDatabase(':memory:', { onStatement: (sql) => statements.push(String(sql)) });
  const modelVersion = await createModelVersionStore(database).register(contractModel);
  const changes = createVectorChanges();
  const restaurants = createRestaurantStore(database, changes, createDataVersion(database));
  const save = createSaveVector(database, changes);
  for (let id = 1; id <= 450; id += 1) {
    await restaurants.create(restaurantFieldsSchema.parse({ name: `R${id}` }), { modelVersion });
    save({ restaurantId: id, textHash: hashText(`R${id}`), vector: unitVector(id), modelVersion });
  }
  const stored = createStoredVectors(database);
  stored.read(modelVersion, [1]); // Verifies the layout of the tables once.
  statements.length = 0;
  let pages = 0;
  let vectors = 0;
  for await (const page of createExportStore(database, stored).pages({ withVectors: true, modelVersion })) {
    pages += 1;
    vectors += page.filter(({ vector }) => vector).length;
  }
  assert.equal(vectors, 450);
  assert.ok(statements.length <= 2 * pages + 1, `${statements.length} statements for ${pages} pages`);
  assert.ok(!statements.some((sql) => /count\(/i.test(sql)));
  database.close();
});
