import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { restaurantFieldsSchema, type RestaurantFields } from '../src/catalog/restaurant.ts';
import { openCopy } from '../src/storage/open-copy.ts';
import { openStores, type Stores } from '../src/storage/open-stores.ts';
import { copyCatalogue, type CopyReport } from '../src/transfer/copy-catalogue.ts';
import { contractModel, unitVector } from './contract/engine.ts';
import { runCommand } from './support/command.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';
import { afterwards, temporaryFolder } from './support/service.ts';

interface Database {
  readonly url: string;
  readonly stores: Stores;
}

async function openSqlite(t: TestContext): Promise<Database> {
  const databasePath = join(await temporaryFolder(t), 'copy.db');
  const stores = await openStores({ databasePath, int8IndexMinRows: 1_000 });
  afterwards(t, () => stores.close());
  return { url: `sqlite:${databasePath}`, stores };
}

async function openPostgres(t: TestContext): Promise<Database> {
  const { url, drop } = await createPostgresDatabase();
  afterwards(t, drop);
  const stores = await openStores({ databasePath: '', databaseUrl: url, int8IndexMinRows: 1_000 });
  afterwards(t, () => stores.close());
  return { url, stores };
}

async function copy(from: Database, to: Database, onProgress?: () => void): Promise<CopyReport> {
  const [source, target] = [await openCopy(from.url), await openCopy(to.url)];
  try {
    return await copyCatalogue(source, target, onProgress);
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

const fields = (given: Partial<RestaurantFields>) => restaurantFieldsSchema.parse({ name: 'Casa', ...given });

/** 2,500 rows, some with a vector, some with an outdated one, some failed, some viewed. */
async function fill({ restaurants, imports, embeddings, modelVersions }: Stores): Promise<void> {
  const modelVersion = await modelVersions.register(contractModel);
  const earlier = await modelVersions.register({ ...contractModel, model: 'earlier' });
  for (let start = 1; start <= 2_500; start += 500) {
    const records = Array.from({ length: 500 }, (_, i) => ({
      line: i,
      id: start + i,
      fields: fields({
        name: `Casa ${start + i}`,
        externalId: `row-${start + i}`,
        rating: (i % 50) / 10,
        attributes: { i },
      }),
    }));
    await imports.importBatch(records, { skipExisting: false, dryRun: false });
  }
  for (let id = 1; id <= 2_500; id += 50) {
    for (const version of id % 100 === 1 ? [modelVersion, earlier] : [modelVersion]) {
      const { textHash = '' } = (await embeddings.findSource(id, version)) ?? {};
      await embeddings.save({ restaurantId: id, textHash, vector: unitVector(id), modelVersion: version });
    }
  }
  await restaurants.put(51, fields({ name: 'Edited since' }), { modelVersion });
  const { textHash = '' } = (await embeddings.findSource(2, modelVersion)) ?? {};
  const at = new Date().toISOString();
  const failure = { reason: 'timeout', detail: 'slow', attempts: 2, failedAt: at, retryAt: at } as const;
  await embeddings.recordFailure(2, textHash, failure, modelVersion);
  await restaurants.addViews(new Map([[7, 3]]));
  await restaurants.createOnce(fields({ name: 'Once' }), 'key-1', { modelVersion });
  await restaurants.delete(2_501);
}

async function changeAttributes({ url }: Database, id: number): Promise<void> {
  const store = await openCopy(url);
  const [row] = await store.restaurants({ after: id - 1, limit: 1 });
  if (!row) assert.fail();
  await store.write({
    changed: [{ ...row, fields: { ...row.fields, attributes: { i: 'another' } } }],
    deletedIds: [],
  });
  await store.close();
}

for (const [name, open, openOther] of [
  ['from SQLite to PostgreSQL', openSqlite, openPostgres],
  ['from PostgreSQL to SQLite', openPostgres, openSqlite],
] as const) {
  test(
    `a copy ${name} has everything, and going on from it gives the same answers`,
    { skip: noPostgres },
    async (t) => {
      const [source, target] = [await open(t), await openOther(t)];
      await fill(source.stores);
      const report = await copy(source, target);
      assert.deepEqual(
        [report.restaurants, report.written, report.deleted, report.vectors, report.idempotencyKeys],
        [2_500, 2_500, 0, 75, 1],
      );
      for (const model of ['earlier', contractModel.model]) {
        const [one, other] = await Promise.all(
          [source, target].map(({ stores }) => stores.modelVersions.register({ ...contractModel, model })),
        );
        for (const id of [1, 2, 7, 51, 101, 2_500]) {
          assert.deepEqual(
            await target.stores.restaurants.find(id, other),
            await source.stores.restaurants.find(id, one),
          );
          assert.deepEqual(
            await target.stores.embeddings.findVector(id, other),
            await source.stores.embeddings.findVector(id, one),
          );
        }
        assert.deepEqual(
          await target.stores.embeddings.counts(other),
          await source.stores.embeddings.counts(one),
        );
      }
      const modelVersion = await target.stores.modelVersions.register(contractModel);
      const once = await target.stores.restaurants.createOnce(fields({ name: 'Once' }), 'key-1', {
        modelVersion,
      });
      assert.deepEqual([once.replayed, once.restaurant.id], [true, 2_501]);
      const next = await target.stores.restaurants.create(fields({}), { modelVersion });
      assert.equal(next.id, 2_502, 'the id of a deleted row is never given again');
      assert.equal((await target.stores.map.points(1, modelVersion)).points[0]?.id, 7, 'the most viewed');
    },
  );

  test(
    `a second copy ${name} carries over what was written and deleted since`,
    { skip: noPostgres },
    async (t) => {
      const [source, target] = [await open(t), await openOther(t)];
      await fill(source.stores);
      await copy(source, target);
      assert.deepEqual((await copy(source, target)).written, 0);
      await changeAttributes(target, 10);
      assert.deepEqual((await copy(source, target)).written, 1, 'what differs in one attribute is written');
      const { restaurants, modelVersions } = source.stores;
      const modelVersion = await modelVersions.register(contractModel);
      await restaurants.delete(2_400);
      await restaurants.put(3, fields({ name: 'New text', externalId: 'row-2400' }), { modelVersion });
      await restaurants.put(1_500, fields({ externalId: null }), { modelVersion });
      await restaurants.put(4, fields({ externalId: 'row-1500' }), { modelVersion });
      await restaurants.create(fields({ name: 'Newest' }), { modelVersion });
      const report = await copy(source, target);
      assert.deepEqual([report.written, report.deleted], [4, 1]);
      assert.equal(await target.stores.restaurants.find(2_400, modelVersion), undefined);
      assert.equal((await target.stores.restaurants.find(4, modelVersion))?.externalId, 'row-1500');
      assert.equal((await copy(source, target)).written, 0);
    },
  );
}

test('a copy that is interrupted is completed by the next', { skip: noPostgres }, async (t) => {
  const [source, target] = [await openSqlite(t), await openPostgres(t)];
  await fill(source.stores);
  await assert.rejects(
    copy(source, target, () => {
      throw new Error('interrupted');
    }),
  );
  assert.equal(await target.stores.restaurants.count(), 1_000);
  assert.deepEqual((await copy(source, target)).written, 1_500);
});

test('the command copies the file of DATABASE_PATH to DATABASE_URL', { skip: noPostgres }, async (t) => {
  const [source, target] = [await openSqlite(t), await openPostgres(t)];
  const name = `Casa ${randomBytes(4).toString('hex')}`;
  await source.stores.restaurants.create(fields({ name }), { modelVersion: undefined });
  const environment = { DATABASE_PATH: source.url.slice('sqlite:'.length), DATABASE_URL: target.url };
  const { code, stdout, stderr } = await runCommand('', ['copy'], environment);
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as CopyReport).written, 1);
  assert.equal((await target.stores.restaurants.find(1, undefined))?.name, name);
});
