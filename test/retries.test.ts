/** What was refused is tried again by itself, whatever happens to the database meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs } from '../src/embedding/back-off.ts';
import { createLazyEmbedding } from '../src/embedding/embed-on-demand.ts';
import { EmbeddingError } from '../src/embedding/embedding-error.ts';
import { createTransientRetries } from '../src/embedding/retry-transient.ts';
import { openMemoryDatabase, testModel } from './support/memory-database.ts';
import { until } from './support/service.ts';

test('a row that cannot be read is logged, and tried again behind the others', async () => {
  const tried: number[] = [];
  const errors: string[] = [];
  const retries = createTransientRetries(
    async (restaurantId) => {
      tried.push(restaurantId);
      if (restaurantId === 1) throw new Error('database disk image is malformed');
      return { status: 'ready', origin: 'stored' };
    },
    ({ message }) => errors.push(message),
  );
  for (const id of [1, 2]) retries.note(id, { status: 'pending', reason: 'queue-full' });
  await until('both were tried', () => tried.includes(2));
  retries.close();
  assert.deepEqual([tried.slice(0, 2), errors[0]], [[1, 2], 'database disk image is malformed']);
});

test('a row whose text failed is left alone until its time, and then tried again', async () => {
  const { add, embeddings: store, currentModel } = await openMemoryDatabase();
  const { id } = await add({ name: 'Demora' });
  let now = Date.now();
  let tries = 0;
  const embed = async () => {
    tries += 1;
    if (tries < 3) throw new EmbeddingError('timeout', 'too slow');
    return { vector: new Float32Array([0.5, 0.5, 0.5, 0.5]), model: testModel };
  };
  const embedder = { embed: () => ({ result: embed(), promote() {} }) };
  const { embedOnDemand } = createLazyEmbedding({ store, embedder, currentModel, now: () => now });
  const read = async () => (await embedOnDemand(id, { priority: 'read' })).status;

  assert.deepEqual([await read(), await read(), tries], ['failed', 'failed', 1]);
  now += backOffMs(1);
  assert.deepEqual([await read(), await read(), tries], ['failed', 'failed', 2]);
  now += backOffMs(1);
  assert.deepEqual([await read(), tries], ['failed', 2], 'the second time is longer');
  now += backOffMs(2);
  assert.deepEqual([await read(), tries], ['ready', 3]);
});
