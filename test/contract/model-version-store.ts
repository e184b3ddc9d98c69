/** The contract of the ModelVersionStore port: versions never mix, and the old one is kept until the new one covers it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contractModel, openCatalogue, unitVector, type ContractEngine } from './engine.ts';

export function describeModelVersionStoreContract(engine: ContractEngine): void {
  describe(`model versions on ${engine.name}`, () => {
    test('a version is registered once, also by another process; another hash or template is another version', async (t) => {
      const { stores, modelVersion, openAnother } = await openCatalogue(engine, t);
      const other = await openAnother();
      assert.deepEqual(await other.modelVersions.register(contractModel), modelVersion);
      const ids = new Set([modelVersion.id]);
      for (const change of [
        { sha256: 'd'.repeat(64) },
        { templateVersion: 2 },
        { model: 'm', dimensions: 8 },
      ])
        ids.add((await stores.modelVersions.register({ ...contractModel, ...change })).id);
      assert.equal(ids.size, 4);
    });

    test('a row keeps its vector of the old version beside that of the new one', async (t) => {
      const { stores, add, embed, modelVersion: old } = await openCatalogue(engine, t);
      const next = await stores.modelVersions.register({ ...contractModel, model: 'next' });
      await add({ name: 'A' });
      await embed(1, unitVector(1), old);
      await embed(1, unitVector(5), next);
      assert.deepEqual(await stores.embeddings.findVector(1, old), unitVector(1));
      assert.deepEqual(await stores.embeddings.findVector(1, next), unitVector(5));
      const nearest = (modelVersion: typeof old) =>
        stores.neighbours.nearest({
          vector: unitVector(5),
          limit: 1,
          filters: {},
          excludedIds: [],
          modelVersion,
        });
      assert.ok(((await nearest(old))[0]?.score ?? 1) < 0.99);
      assert.ok(((await nearest(next))[0]?.score ?? 0) > 0.99);
      await stores.restaurants.delete(1);
      assert.equal(await stores.embeddings.findVector(1, old), undefined);
      assert.deepEqual(await nearest(next), []);
    });

    test('the old version is dropped once the new one covers every row that it covered, and not before', async (t) => {
      const { stores, add, embed, modelVersion: old } = await openCatalogue(engine, t);
      for (const name of ['A', 'B', 'C']) await add({ name });
      for (const id of [1, 2]) await embed(id, unitVector(id), old);
      const next = await stores.modelVersions.register({ ...contractModel, model: 'next' });
      await embed(1, unitVector(1), next);
      await stores.modelVersions.dropUnused(next);
      assert.deepEqual(await stores.embeddings.findVector(2, old), unitVector(2));
      await embed(2, unitVector(2), next);
      await stores.modelVersions.dropUnused(next);
      assert.equal(await stores.embeddings.findVector(2, old), undefined);
      assert.deepEqual(await stores.embeddings.findVector(2, next), unitVector(2));
    });

    test('going back to the old version finds its vectors ready', async (t) => {
      const { stores, add, embed, modelVersion: old } = await openCatalogue(engine, t);
      await add({ name: 'A' });
      await embed(1, unitVector(1), old);
      const next = await stores.modelVersions.register({ ...contractModel, model: 'next' });
      await stores.modelVersions.dropUnused(next);
      assert.equal((await stores.restaurants.find(1, next))?.embedding.status, 'stale');
      const again = await stores.modelVersions.register(contractModel);
      assert.deepEqual(again, old);
      assert.equal((await stores.restaurants.find(1, again))?.embedding.status, 'ready');
    });

    test('a database never keeps vectors of more than two versions: a third drops the oldest', async (t) => {
      const { stores, add, embed, modelVersion: first } = await openCatalogue(engine, t);
      for (const name of ['A', 'B']) await add({ name });
      for (const id of [1, 2]) await embed(id, unitVector(id), first);
      const second = await stores.modelVersions.register({ ...contractModel, model: 'second' });
      await embed(1, unitVector(1), second);
      const third = await stores.modelVersions.register({ ...contractModel, model: 'third' });
      await stores.modelVersions.dropUnused(third);
      assert.equal(await stores.embeddings.findVector(2, first), undefined);
      assert.deepEqual(await stores.embeddings.findVector(1, second), unitVector(1));
      await embed(1, unitVector(3), third);
      await stores.modelVersions.dropUnused(third);
      assert.equal(await stores.embeddings.findVector(1, second), undefined);
    });
  });
}
