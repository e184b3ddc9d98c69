/** On a throttled machine a read is embedded, and what nobody waits for is not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createBackfill } from '../src/embedding/backfill/backfill.ts';
import { createLazyEmbedding } from '../src/embedding/embed-on-demand.ts';
import { EmbeddingError } from '../src/embedding/embedding-error.ts';
import { createChildEmbedder } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import { openMemoryDatabase } from './support/memory-database.ts';
import { repository, startService, until } from './support/service.ts';

function open(t: TestContext) {
  const machine = { isThrottled: true };
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(join(repository, 'models/paraphrase-MiniLM-L3-v2')),
    queueLimit: 10,
    timeoutMs: 20_000,
    idleSeconds: 0,
    rejectBackground: () => (machine.isThrottled ? new EmbeddingError('cpu', 'throttled') : undefined),
  });
  t.after(() => embedder.close());
  return { embedder, machine };
}

test('while throttled a background text starts no model process; a read does', async (t) => {
  const { embedder } = open(t);
  await assert.rejects(embedder.embed('later', 'background').result, { code: 'cpu' });
  assert.deepEqual([embedder.status().loads, embedder.status().state], [0, 'unloaded']);
  assert.equal((await embedder.embed('now', 'read').result).vector.length, 384);
});

test('a backfill waits while the machine is throttled, says so, and goes on by itself', async (t) => {
  const { embedder, machine } = open(t);
  const { add, embeddings: store, currentModel } = await openMemoryDatabase();
  await add({ name: 'Depois' });
  const reasons: (string | undefined)[] = [];
  const backfill = createBackfill({
    store,
    currentModel,
    embedding: createLazyEmbedding({ store, embedder, currentModel }),
    isBusy: () => false,
    cpuMicros: embedder.cpuMicros,
    cpuPercent: () => 100,
    memory: { load: async () => undefined, save: async () => {} },
    onError: assert.fail,
    onProgress({ state, reason }) {
      reasons.push(reason);
      if (state === 'waiting') machine.isThrottled = false;
    },
  });
  await backfill.start({ batchSize: 1 });
  await backfill.whenDone();
  assert.equal(reasons[0], 'cpu');
  assert.deepEqual((await backfill.progress()).done, 1);
});

test('the state of the CPU is shown with the model and in the metrics', async (t) => {
  const service = await startService(t);
  const { cpu } = await until('it answers', async () => (await service.get('/model')).body);
  assert.ok(['free', 'tight', 'throttled'].includes(cpu.state));
  assert.ok(cpu.deniedShare >= 0 && cpu.deniedShare <= 1);
  assert.match((await service.get('/metrics')).body, /tastematch_cpu_state\{state="free"\} [01]/);
});
