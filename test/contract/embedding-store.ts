/** The contract of the EmbeddingStore and ModelVersionStore ports. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import type { EmbeddingFailure } from '../../src/embedding/embedding-store.ts';
import { contractModel, openCatalogue, unitVector, type ContractEngine } from './engine.ts';

const failureAt = (retryAt: Date): EmbeddingFailure => ({
  reason: 'timeout',
  detail: 'too slow',
  attempts: 1,
  failedAt: new Date(Date.now() - 1_000).toISOString(),
  retryAt: retryAt.toISOString(),
});

export function describeEmbeddingStoreContract(engine: ContractEngine): void {
  describe(`embeddings on ${engine.name}`, () => {
    test('a vector is stored with its record and read back exactly, by row and by text', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'Casa', description: 'Feijoada' });
      const source = await stores.embeddings.findSource(id, modelVersion);
      assert.deepEqual([source?.text, source?.ready, source?.failure], ['Casa Feijoada', false, undefined]);
      const textHash = source?.textHash ?? '';
      const vector = new Float32Array([0.1, -0.7, 1 / 3, 0.62]);
      const { save, findVector, findVectorByTextHash } = stores.embeddings;
      const saved = await save({ restaurantId: id, textHash, vector, modelVersion });
      assert.ok(saved.status === 'stored');
      assert.deepEqual(await findVector(id, modelVersion), vector);
      assert.deepEqual(await findVectorByTextHash(textHash, modelVersion), vector);
      assert.equal((await stores.embeddings.findSource(id, modelVersion))?.ready, true);
      const { embedding } = (await stores.restaurants.find(id, modelVersion)) ?? assert.fail();
      assert.deepEqual([embedding.status, embedding.model], ['ready', contractModel.model]);
      assert.ok(Date.parse(embedding.createdAt ?? '') <= Date.now());
      const { createdAt, model, restaurantVersion } = saved;
      assert.deepEqual([createdAt, model, restaurantVersion], [embedding.createdAt, embedding.model, 1]);
    });

    test('a vector of an earlier text, of a deleted row, or of the wrong length is not stored', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      const save = (restaurantId: number, textHash: string, vector = unitVector(1)) =>
        stores.embeddings.save({ restaurantId, textHash, vector, modelVersion });
      assert.deepEqual(await save(id, 'f'.repeat(64)), { status: 'text-changed' });
      assert.deepEqual(await save(99, 'f'.repeat(64)), { status: 'gone' });
      const { textHash } = (await stores.embeddings.findSource(id, modelVersion)) ?? assert.fail();
      await assert.rejects(save(id, textHash, new Float32Array(3)), RangeError);
      assert.equal(await stores.embeddings.findVector(id, modelVersion), undefined);
    });

    test('an edit of the text makes a vector stale and hides it; an edit back makes it ready', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      await embed(id);
      const rename = async (name: string) =>
        (await stores.restaurants.put(id, restaurantFieldsSchema.parse({ name }), { modelVersion }))
          .restaurant;
      assert.equal((await rename('B')).embedding.status, 'stale');
      assert.equal(await stores.embeddings.findVector(id, modelVersion), undefined);
      assert.equal((await rename('A')).embedding.status, 'ready');
      assert.ok(await stores.embeddings.findVector(id, modelVersion));
    });

    test('without a model version nothing is ready, and no vector is found', async (t) => {
      const { stores, add, embed } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      await embed(id);
      assert.equal((await stores.restaurants.find(id, undefined))?.embedding.status, 'stale');
      assert.equal(await stores.embeddings.findVector(id, undefined), undefined);
      const { total, ready, stale } = await stores.embeddings.counts(undefined);
      assert.deepEqual([total, ready, stale], [1, 0, 1]);
    });

    test('a failure is recorded for this text and version, listed, cleared, and forgotten by a success', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      const { embeddings, restaurants } = stores;
      const { textHash } = (await embeddings.findSource(id, modelVersion)) ?? assert.fail();
      const failure = failureAt(new Date(Date.now() + 60_000));
      await embeddings.recordFailure(id, 'f'.repeat(64), failure, modelVersion);
      assert.deepEqual(await embeddings.listFailures(10, modelVersion), [], 'of an earlier text');
      await embeddings.recordFailure(id, textHash, failure, modelVersion);
      const { embedding } = (await restaurants.find(id, modelVersion)) ?? assert.fail();
      assert.deepEqual([embedding.status, embedding.reason], ['failed', 'timeout']);
      assert.deepEqual((await embeddings.findSource(id, modelVersion))?.failure, failure);
      const listed = [{ restaurantId: id, name: 'A', ...failure }];
      assert.deepEqual(await embeddings.listFailures(10, modelVersion), listed);
      assert.equal(await embeddings.clearFailures(modelVersion), 1);
      assert.equal(await embeddings.clearFailures(modelVersion), 0);
      await embeddings.recordFailure(id, textHash, failure, modelVersion);
      await embed(id);
      assert.deepEqual(await embeddings.listFailures(10, modelVersion), []);
    });

    test('counts add up after every write, also of another process', async (t) => {
      const { stores, add, embed, modelVersion, openAnother } = await openCatalogue(engine, t);
      const counts = async () => {
        const { total, ready, stale, missing, failed } = await stores.embeddings.counts(modelVersion);
        return [total, ready, stale, missing, failed];
      };
      assert.deepEqual(await counts(), [0, 0, 0, 0, 0]);
      for (const name of ['A', 'B', 'C', 'D']) await add({ name });
      assert.deepEqual(await counts(), [4, 0, 0, 4, 0]);
      await embed(1);
      await embed(2);
      const { textHash } = (await stores.embeddings.findSource(3, modelVersion)) ?? assert.fail();
      await stores.embeddings.recordFailure(3, textHash, failureAt(new Date()), modelVersion);
      assert.deepEqual(await counts(), [4, 2, 0, 1, 1]);
      const other = await openAnother();
      await other.restaurants.delete(1);
      assert.deepEqual(await counts(), [3, 1, 0, 1, 1]);
    });

    test('the walk passes every row that a backfill should embed, by id, with what is in demand', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (let i = 0; i < 5; i += 1) await add({ name: `R${i}`, cuisineType: i < 3 ? 'Thai' : 'Other' });
      await embed(2);
      await stores.restaurants.addViews(new Map([[1, 7]]));
      const { textHash } = (await stores.embeddings.findSource(4, modelVersion)) ?? assert.fail();
      await stores.embeddings.recordFailure(
        4,
        textHash,
        failureAt(new Date(Date.now() + 60_000)),
        modelVersion,
      );
      const rows = [];
      for await (const step of stores.embeddings.walkUnembedded(modelVersion)) rows.push(...step);
      assert.deepEqual(rows, [
        { restaurantId: 1, viewCount: 7, demandScore: 1 },
        { restaurantId: 3, viewCount: 0, demandScore: 1 },
        { restaurantId: 5, viewCount: 0, demandScore: 0 },
      ]);
    });

    test('a claim of a text is granted, and waiting for an unclaimed text ends at once', async (t) => {
      const { stores, modelVersion } = await openCatalogue(engine, t);
      const { claimText, releaseText, waitForText } = stores.embeddings;
      await waitForText('f'.repeat(64), modelVersion, 60_000);
      assert.equal(await claimText('f'.repeat(64), modelVersion, 60_000), true);
      await releaseText('f'.repeat(64), modelVersion);
      assert.equal(await claimText('f'.repeat(64), modelVersion, 60_000), true);
    });
  });
}
