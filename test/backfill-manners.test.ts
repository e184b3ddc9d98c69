/** How a backfill treats others: it holds back while they wait, stops when it is told to, and survives its database. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  createBackfill,
  type BackfillOptions,
  type BackfillProgress,
} from '../src/embedding/backfill/backfill.ts';
import { createLazyEmbedding } from '../src/embedding/embed-on-demand.ts';
import { createChildEmbedder } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import { openMemoryDatabase } from './support/memory-database.ts';
import { repository, until } from './support/service.ts';

/** A real catalogue of `count` rows and a real model; `onText` is told before every text. */
async function open(
  t: TestContext,
  count: number,
  onText: (texts: number) => void,
  options: Partial<BackfillOptions> = {},
) {
  const model = { model: 'L3', sha256: 'a', templateVersion: 1, dimensions: 384 };
  const { add, database, embeddings: store, currentModel } = await openMemoryDatabase({ model });
  for (let i = 0; i < count; i += 1) await add({ name: `Casa ${i}` });
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(join(repository, 'models/paraphrase-MiniLM-L3-v2')),
    queueLimit: 10,
    timeoutMs: 20_000,
    idleSeconds: 0,
  });
  t.after(() => embedder.close());
  const embedding = createLazyEmbedding({ store, embedder, currentModel });
  const seen = { texts: 0, errors: [] as string[], progress: [] as BackfillProgress[] };
  const backfill = createBackfill({
    store,
    currentModel,
    embedding: {
      ...embedding,
      embedOnDemand(id, request) {
        seen.texts += 1;
        onText(seen.texts);
        return embedding.embedOnDemand(id, request);
      },
    },
    isBusy: () => false,
    cpuMicros: () => 0,
    cpuPercent: () => 100,
    memory: { load: async () => undefined, save: async () => {} },
    onError: ({ message }) => seen.errors.push(message),
    onProgress: (progress) => seen.progress.push(progress),
    ...options,
  });
  return { backfill, seen, database };
}

test('a backfill that is stopped begins no other text', async (t) => {
  let stopped: Promise<BackfillProgress> | undefined;
  const { backfill, seen } = await open(t, 20, (texts) => {
    if (texts === 3) stopped = backfill.stop();
  });
  await backfill.start({ batchSize: 10 });
  await backfill.whenDone();
  assert.equal(seen.texts, 3);
  const { state, done, total } = (await stopped) ?? {};
  assert.deepEqual([state, done, total], ['stopped', 3, 20]);
});

test('a backfill pauses while a request waits for the model, and continues afterwards', async (t) => {
  let isBusy = false;
  let asked = 0;
  const { backfill, seen } = await open(t, 6, (texts) => (isBusy = texts === 2), {
    isBusy() {
      if (isBusy) asked += 1;
      return isBusy;
    },
  });
  await backfill.start({ batchSize: 1 });
  await until('it has looked several times', () => asked >= 3);
  assert.equal(seen.texts, 2);
  isBusy = false;
  await backfill.whenDone();
  assert.deepEqual([seen.texts, (await backfill.progress()).state], [6, 'finished']);
});

test('progress is published for each change of state, not for each batch', async (t) => {
  const { backfill, seen } = await open(t, 40, () => {});
  await backfill.start({ batchSize: 1 });
  await backfill.whenDone();
  const { done, total, state } = seen.progress.at(-1) ?? {};
  assert.deepEqual([done, total, state], [40, 40, 'finished']);
  assert.ok(seen.progress.length < 20, `${seen.progress.length} times`);
});

test('while the database cannot be read, a backfill logs it and waits; the command gives up after a while', async (t) => {
  const { backfill, seen, database } = await open(t, 5, (texts) => texts === 2 && database.close(), {
    rejectionLimit: 2,
  });
  await backfill.start({ batchSize: 1 });
  await backfill.whenDone();
  const { state, reason, done, total } = await backfill.progress();
  assert.deepEqual([state, reason, done, total], ['stopped', 'unreadable', 1, 5]);
  assert.match(seen.errors[0] ?? '', /database connection is not open/);
});
