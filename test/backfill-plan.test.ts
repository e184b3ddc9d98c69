/** Planning a backfill costs one walk of the catalogue, whatever its size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { createBackfill } from '../src/embedding/backfill/backfill.ts';
import { planBackfill } from '../src/embedding/backfill/plan-backfill.ts';
import { createLazyEmbedding } from '../src/embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../src/embedding/embedding-store.ts';
import { openMemoryDatabase, testModel } from './support/memory-database.ts';

const vector = new Float32Array([1, 0, 0, 0]);
const embedder = {
  embed: () => ({ result: Promise.resolve({ vector, model: testModel }), promote() {} }),
};

/** Counts the rows that the store hands out to be planned. */
function countWalked(store: EmbeddingStore) {
  const walked = { rows: 0, walks: 0 };
  async function* walkUnembedded(...given: Parameters<EmbeddingStore['walkUnembedded']>) {
    walked.walks += 1;
    for await (const rows of store.walkUnembedded(...given)) {
      walked.rows += rows.length;
      yield rows;
    }
  }
  return { walked, store: { walkUnembedded } };
}

async function runBackfill(count: number) {
  const { database, embeddings, restaurants, currentModel, modelVersion } = await openMemoryDatabase();
  database.exec('BEGIN');
  for (let i = 0; i < count; i += 1) {
    await restaurants.create(restaurantFieldsSchema.parse({ name: `Casa ${i}` }), { modelVersion });
  }
  database.exec('COMMIT');
  const { walked, store } = countWalked(embeddings);
  const backfill = createBackfill({
    store,
    currentModel,
    embedding: createLazyEmbedding({ store: embeddings, embedder, currentModel }),
    isBusy: () => false,
    cpuMicros: () => 0,
    cpuPercent: () => 100,
    memory: { load: async () => undefined, save: async () => {} },
    onError: assert.fail,
  });
  const started = await backfill.start({ batchSize: 100 });
  await backfill.whenDone();
  return { walked, total: started.total, done: (await backfill.progress()).done };
}

test('a run walks every row once: twelve times the rows cost twelve times the walking', async () => {
  const small = await runBackfill(1_000);
  const large = await runBackfill(12_000);
  assert.deepEqual([small.total, small.done, large.total, large.done], [1_000, 1_000, 12_000, 12_000]);
  assert.deepEqual([small.walked.rows, large.walked.rows], [1_000, 12_000]);
  assert.deepEqual([small.walked.walks, large.walked.walks], [2, 2]);
});

const row = (restaurantId: number, viewCount: number, demandScore: number) => ({
  restaurantId,
  viewCount,
  demandScore,
});

test('a plan holds the most viewed rows, then those of viewed cuisines and places, then the others by id', async () => {
  const store = {
    async *walkUnembedded() {
      yield [row(1, 0, 0), row(2, 1, 2), row(3, 0, 2), row(4, 9, 0)];
      yield [row(5, 0, 1), row(6, 9, 2), row(7, 0, 0), row(8, 5, 0)];
    },
  };
  const plan = await planBackfill(store, undefined, new Set([8]), new AbortController().signal);
  assert.deepEqual(plan, [4, 6, 2, 3, 5, 1, 7]);
});
