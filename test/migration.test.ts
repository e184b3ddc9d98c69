/** A database of an earlier release is brought to the newest schema, whole or not at all. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { openStores } from '../src/storage/open-stores.ts';
import { migrations } from '../src/storage/sqlite/connection/migrate.ts';
import { defineFunctions, openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { unitVector } from './contract/engine.ts';
import { repository, temporaryFolder } from './support/service.ts';

/**
 * Made by the release with schema 3: 40 restaurants; of the model `first` vectors of 6–20 (20 was edited since), of
 * `second` vectors of 1–5 and 21–24 (10 was deleted); a failure, an idempotency key, views, and a setting.
 */
async function copyOfSchema3(t: TestContext): Promise<string> {
  const databasePath = join(await temporaryFolder(t), 'old.db');
  await copyFile(join(repository, 'test/fixtures/schema-3.sqlite'), databasePath);
  return databasePath;
}

const modelOf = (model: string) => ({
  model,
  sha256: model.padEnd(64, '0'),
  templateVersion: 1,
  dimensions: 4,
});

async function assertMigrated(databasePath: string): Promise<void> {
  const stores = await openStores({ databasePath, int8IndexMinRows: 1_000 });
  try {
    const first = await stores.modelVersions.register(modelOf('first'));
    const second = await stores.modelVersions.register(modelOf('second'));
    const counts = async (version: typeof first) => {
      const { total, ready, stale, missing, failed } = await stores.embeddings.counts(version);
      return [total, ready, stale, missing, failed];
    };
    assert.deepEqual(await counts(first), [40, 13, 10, 16, 1]);
    assert.deepEqual(await counts(second), [40, 9, 14, 17, 0]);
    assert.deepEqual(await stores.embeddings.findVector(7, first), unitVector(7));
    assert.deepEqual(await stores.embeddings.findVector(3, second), unitVector(3));
    assert.equal(await stores.embeddings.findVector(20, first), undefined);
    const [failure] = await stores.embeddings.listFailures(10, first);
    assert.deepEqual([failure?.restaurantId, failure?.attempts], [40, 2]);
    assert.equal(await stores.settings.load('backfill'), '3');
    const { embedding } = (await stores.restaurants.find(7, second)) ?? assert.fail();
    assert.deepEqual([embedding.status, embedding.model], ['stale', 'first']);
    const { name, cuisineType, description, rating, priceLevel, location, latitude, longitude } =
      (await stores.restaurants.find(8, second)) ?? assert.fail();
    const same = { name, cuisineType, description, rating, priceLevel, location, latitude, longitude };
    const record = { line: 1, id: undefined, fields: same };
    const outcomes = await stores.imports.importBatch([record], { skipExisting: false, dryRun: true });
    assert.deepEqual(outcomes, [{ outcome: 'unchanged', id: 8 }], 'a row is found by its content');
  } finally {
    await stores.close();
  }
}

test('a database of the earlier release keeps its rows, vectors, failures and settings', async (t) => {
  const databasePath = await copyOfSchema3(t);
  await assertMigrated(databasePath);
  await assertMigrated(databasePath);
});

test('a database with word counts that are upper bounds keeps its rows and gets exact counts', async (t) => {
  const databasePath = join(await temporaryFolder(t), 'old.db');
  await copyFile(join(repository, 'test/fixtures/schema-7.sqlite'), databasePath);
  const stores = await openStores({ databasePath, int8IndexMinRows: 1_000 });
  // The index is built with timers that keep no process running.
  const keepRunning = setInterval(() => {}, 1_000);
  try {
    await stores.completeSearchIndex();
    assert.equal(await stores.restaurants.count(), 10);
    const { known } = await stores.vocabulary.lookUp({ words: ['casa', 'peixe', 'massa'], stems: [] });
    const rows = Object.fromEntries(known.map((word) => [word.word, word.rows]));
    assert.deepEqual(rows, { casa: 10, peixe: 5, massa: 5 });
  } finally {
    clearInterval(keepRunning);
    await stores.close();
  }
});

test('a migration that is interrupted at any statement leaves the earlier schema, and the next start completes it', async (t) => {
  // The statements within a trigger are indented.
  const statements = migrations.slice(3).flatMap((sql) => sql.split(/;\n(?=CREATE|INSERT|ALTER|DROP|\n|$)/));
  for (let count = 0; count <= statements.length; count += 1) {
    const databasePath = await copyOfSchema3(t);
    const database = new SqliteDatabase(databasePath);
    defineFunctions(database);
    database.exec(['BEGIN IMMEDIATE', ...statements.slice(0, count)].join(';\n'));
    database.close(); // As a process that dies: what was not committed is rolled back.
    await assertMigrated(databasePath);
  }
});

test('of several processes that open a new or an old database at once, none fails', async (t) => {
  const folder = await temporaryFolder(t);
  const workers = 4;
  for (let round = 0; round < 8; round += 1) {
    const path = round % 2 === 0 ? join(folder, `new-${round}.db`) : await copyOfSchema3(t);
    const barrier = new Int32Array(new SharedArrayBuffer(4));
    const outcomes = Array.from({ length: workers }, async () => {
      const worker = new Worker(new URL('support/open-at-once.js', import.meta.url), {
        workerData: { path, barrier, workers },
      });
      const [outcome] = (await once(worker, 'message')) as [string];
      return outcome;
    });
    assert.deepEqual(
      await Promise.all(outcomes),
      Array.from({ length: workers }, () => 'opened'),
    );
    const database = openDatabase(path);
    assert.equal(database.pragma('user_version', { simple: true }), migrations.length);
    database.close();
  }
});
