/** A first read asks the database for its row twice: once to show it, once to store its vector. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLazyEmbedding } from '../src/embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../src/embedding/embedding-store.ts';
import { openMemoryDatabase, testModel } from './support/memory-database.ts';

const embedder = {
  embed: () => ({
    result: Promise.resolve({ vector: new Float32Array([1, 0, 0, 0]), model: testModel }),
    promote() {},
  }),
};

/** Counts the calls of each method. */
function counted(store: EmbeddingStore) {
  const calls: Record<string, number> = {};
  const counting = new Proxy(store, {
    get(target, name: keyof EmbeddingStore) {
      return (...given: never[]) => {
        calls[name] = (calls[name] ?? 0) + 1;
        return (target[name] as (...given: never[]) => unknown)(...given);
      };
    },
  });
  return { store: counting, calls };
}

test('a caller that has read the row has it embedded without another read, and is told what to show', async () => {
  const { add, embeddings, restaurants, currentModel, modelVersion } = await openMemoryDatabase();
  const { id } = await add({ name: 'Duas leituras' });
  const { store, calls } = counted(embeddings);
  const { embedOnDemand } = createLazyEmbedding({ store, embedder, currentModel });
  const restaurant = await restaurants.find(id, modelVersion);
  assert.ok(restaurant);
  const outcome = await embedOnDemand(id, { priority: 'read', restaurant });
  assert.deepEqual(calls, { findVectorByTextHash: 1, claimText: 1, save: 1 });

  assert.ok(outcome.status === 'ready' && outcome.origin !== 'stored');
  const { createdAt, model, restaurantVersion } = outcome.saved;
  const after = await restaurants.find(id, modelVersion);
  assert.deepEqual(after, { ...restaurant, embedding: { status: 'ready', model, createdAt } });
  assert.equal(restaurantVersion, restaurant.version);
});

test('a row that was edited since the caller read it is embedded with its new text', async () => {
  const { add, embeddings, restaurants, currentModel, modelVersion } = await openMemoryDatabase();
  const { id } = await add({ name: 'Antes' });
  const restaurant = await restaurants.find(id, modelVersion);
  assert.ok(restaurant);
  await restaurants.update(id, (fields) => ({ ...fields, name: 'Depois' }), { modelVersion });
  const { store, calls } = counted(embeddings);
  const { embedOnDemand } = createLazyEmbedding({ store, embedder, currentModel });
  const outcome = await embedOnDemand(id, { priority: 'read', restaurant });
  assert.ok(outcome.status === 'ready' && outcome.origin !== 'stored');
  assert.equal(outcome.saved.restaurantVersion, 2);
  assert.deepEqual([calls['save'], calls['findSource']], [2, 1]);
});
