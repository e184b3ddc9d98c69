/** Vectors in memory or on disk: when they are read, when they are dropped, and what happens when they cannot be read. */
import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import {
  createCatalogueVectorIndex,
  type CatalogueVectorIndexOptions,
} from '../src/storage/sqlite/search/catalogue-vector-index.ts';
import { startService, until } from './support/service.ts';
import { openCatalogue, unitVector } from './support/vector-catalogue.ts';

async function openIndex(options: Partial<CatalogueVectorIndexOptions> = {}) {
  const catalogue = await openCatalogue();
  await catalogue.useModel('first');
  for (let i = 0; i < 200; i += 1) await catalogue.embed(await catalogue.add({}), unitVector(i));
  const index = createCatalogueVectorIndex({
    vectors: catalogue.vectors,
    onDisk: catalogue.onDisk,
    inMemory: catalogue.inMemory,
    changedElsewhere: () => false,
    int8IndexMinRows: 10,
    idleMs: 60_000,
    ...options,
  });
  const modelVersion = catalogue.modelVersion();
  const request = { vector: unitVector(7), limit: 5, filters: {}, excludedIds: [], modelVersion };
  const search = () => index.nearest(request);
  const isFilled = () => catalogue.inMemory.isFilled(modelVersion);
  return { ...catalogue, index, search, isFilled, version: modelVersion };
}

test('a search that does not wait is answered from the disk while memory is filled, the next ones from memory, alike', async () => {
  const { inMemory, index, isFilled, search } = await openIndex({ fillWaitMs: 0 });
  const first = await search();
  assert.ok(inMemory.isFilling() && !isFilled());
  await until('memory is filled', isFilled);
  assert.deepEqual(await search(), first);
  index.close();
});

test('searches without a pause between them do not keep the index from being filled', async () => {
  const { index, isFilled, search } = await openIndex({ fillWaitMs: 60_000 });
  assert.equal((await search()).length, 5);
  assert.ok(isFilled());
  index.close();
});

test('the index is dropped after idle time, on demand, and when another process has written', async () => {
  let isChanged = false;
  const { index, isFilled, search } = await openIndex({
    idleMs: 30,
    fillWaitMs: 0,
    changedElsewhere: () => isChanged,
  });
  const fill = () =>
    until('memory is filled', async () => {
      await search();
      return isFilled();
    });
  await fill();
  await until('it is dropped for being idle', () => !isFilled());
  await fill();
  assert.ok((await index.releaseMemory()) > 0);
  assert.ok(!isFilled());
  await fill();
  isChanged = true;
  await search();
  assert.ok(!isFilled());
  index.close();
});

test('few vectors, or vectors that do not fit, stay on the disk', async () => {
  for (const options of [{ int8IndexMinRows: 201 }, { mayAllocate: () => false }]) {
    const { inMemory, isFilled, search } = await openIndex(options);
    assert.equal((await search()).length, 5);
    assert.ok(!inMemory.isFilling() && !isFilled());
  }
});

test('an index that does not fit is asked for again after ten seconds, not at every search', async () => {
  let nowMs = 0;
  let requests = 0;
  const { index, search } = await openIndex({
    now: () => nowMs,
    mayAllocate: () => {
      requests += 1;
      return false;
    },
  });
  for (let i = 0; i < 5; i += 1) await search();
  assert.equal(requests, 1);
  nowMs = 10_000;
  await search();
  assert.equal(requests, 2);
  index.close();
});

test('a fill that is under way when the service ends stops before it reads from the closed database', async () => {
  const { close, inMemory, index, isFilled, search, version } = await openIndex({ fillWaitMs: 0 });
  await search();
  await new Promise((resolve) => setImmediate(resolve));
  const filling = inMemory.fill(version);
  index.close();
  close();
  await filling;
  assert.ok(!isFilled());
});

test('vectors that cannot be read are reported once, not read again by every search, and tried again later', async () => {
  const errors: Error[] = [];
  let now = 0;
  const { inMemory, isFilled, execute, search, restaurants } = await openIndex({
    onFillError: (error) => errors.push(error),
    now: () => now,
  });
  execute(`CREATE TABLE kept AS SELECT rowids FROM vectors_1_chunks WHERE chunk_id = 5;
    UPDATE vectors_1_chunks SET rowids = x'00' WHERE chunk_id = 5`);
  const settle = () => until('the fill has ended', () => !inMemory.isFilling());
  for (let i = 0; i < 3; i += 1) {
    await search().catch(() => {});
    await settle();
  }
  assert.equal(errors.length, 1);
  assert.equal(inMemory.drop(), 0, 'nothing of it is kept');
  execute('UPDATE vectors_1_chunks SET rowids = (SELECT rowids FROM kept) WHERE chunk_id = 5');
  assert.equal((await search()).length, 5);
  assert.ok(!inMemory.isFilling());
  now = 60_001;
  await search();
  await until('memory is filled', isFilled);
  assert.equal(await restaurants.count(), 200);
});

test('damaged vectors fail only the searches that read them; the service reports it once and shuts down normally', async (t) => {
  const first = await startService(t, { EMBED_WAIT_MS: '20000' }, { arguments: ['--sample-data'] });
  for (let id = 1; id <= 40; id += 1) await first.get(`/restaurants/${id}`);
  await first.stop();
  const path = join(first.folder, 'test.db');
  const database = new SqliteDatabase(path);
  const [{ page_size: pageSize } = { page_size: 4_096 }] = database.pragma('page_size') as {
    page_size: number;
  }[];
  const pages = database
    .prepare("SELECT pageno FROM dbstat WHERE name = 'vectors_1_vector_chunks00' AND pagetype = 'overflow'")
    .pluck()
    .all() as number[];
  database.close();
  assert.ok(pages.length > 0);
  const file = await open(path, 'r+');
  for (const page of pages)
    await file.write(Buffer.alloc(pageSize, 0xff), 0, pageSize, (page - 1) * pageSize);
  await file.close();

  const environment = { MATRIX_MIN_ROWS: '10', EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' };
  const service = await startService(t, environment, { folder: first.folder });
  for (let i = 0; i < 3; i += 1) {
    const { status, body } = await service.get('/search?q=vinho&mode=semantic');
    assert.ok([200, 503].includes(status), JSON.stringify(body));
    assert.equal((await service.get('/search?q=vinho&mode=keyword')).status, 200);
  }
  const told = () => service.log.filter(({ msg }) => msg === 'the vectors cannot be read into memory');
  await until('it is logged', () => told().length > 0);
  assert.equal(told().length, 1);
  assert.equal((await service.get('/restaurants?limit=1')).status, 200);
  assert.equal(await service.stop(), 0);
});
