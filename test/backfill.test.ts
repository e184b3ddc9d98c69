/** Backfill: the rest of the catalogue, in the background, in the order of demand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, until, type Service } from './support/service.ts';

const fast = { EMBED_WAIT_MS: '20000', BACKFILL_CPU_PERCENT: '100' };

async function fill(service: Service, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const cuisineType = i % 2 === 0 ? 'Mineira' : 'Italiana';
    await service.request('POST', '/restaurants', {
      name: `Casa ${i}`,
      cuisineType,
      location: `Bairro ${i % 3}`,
    });
  }
}

const finished = (service: Service) =>
  until('the backfill has finished', async () => {
    const { body } = await service.get('/embeddings/backfill');
    return body.state === 'finished' && body;
  });

test('a backfill embeds everything that is not embedded, and skips what is', async (t) => {
  const service = await startService(t, fast);
  await fill(service, 20);
  await service.get('/restaurants/7');
  const started = await service.request('POST', '/embeddings/backfill', { batchSize: 4 });
  assert.equal(started.status, 202);
  assert.equal(started.body.total, 19);
  const progress = await finished(service);
  assert.deepEqual([progress.done, progress.failed, progress.batchSize], [19, 0, 4]);
  assert.equal((await service.get('/embeddings')).body.ready, 20);
  assert.equal((await service.get('/model')).body.inferences, 20);
});

test('a backfill can be started without a body, stopped, and started again', async (t) => {
  const service = await startService(t, { ...fast, BACKFILL_CPU_PERCENT: '5' });
  await fill(service, 30);
  assert.equal((await service.request('POST', '/embeddings/backfill')).status, 202);
  await until('it has begun', async () => (await service.get('/embeddings')).body.ready > 0);
  const stopped = await service.request('DELETE', '/embeddings/backfill');
  assert.equal(stopped.body.state, 'stopped');
  const { ready } = (await service.get('/embeddings')).body;
  assert.ok(ready < 30);
  assert.deepEqual([stopped.body.done, stopped.body.total], [ready, 30]);
  // What has ended is described as it was when it ended.
  assert.deepEqual((await service.get('/embeddings/backfill')).body, stopped.body);
  assert.equal((await service.request('POST', '/embeddings/backfill', { batchSize: 0 })).status, 400);
});

test('a backfill continues after a restart', async (t) => {
  const first = await startService(t, { ...fast, BACKFILL_CPU_PERCENT: '5' });
  await fill(first, 12);
  await first.request('POST', '/embeddings/backfill', { batchSize: 1 });
  await until('it has begun', async () => (await first.get('/embeddings')).body.ready > 0);
  first.process.kill('SIGKILL');
  const second = await startService(t, fast, { folder: first.folder });
  await finished(second);
  assert.equal((await second.get('/embeddings')).body.ready, 12);
});

test('a backfill without a usable model waits, says why, and is finished by a service that has one', async (t) => {
  const first = await startService(t, { ...fast, MODEL_DIR: 'models/none' });
  await fill(first, 5);
  await first.request('POST', '/embeddings/backfill');
  const waiting = await until('it waits', async () => {
    const { body } = await first.get('/embeddings/backfill');
    return body.state === 'waiting' && body;
  });
  assert.deepEqual([waiting.reason, waiting.done, waiting.failed, waiting.total], ['model-missing', 0, 0, 5]);
  await first.stop();
  const second = await startService(t, fast, { folder: first.folder });
  const progress = await finished(second);
  assert.deepEqual([progress.done, progress.reason], [5, undefined]);
});

test('what is viewed is embedded first, then its neighbours by cuisine and place', async (t) => {
  const first = await startService(t, { MODEL_DIR: 'models/none' });
  await fill(first, 12);
  for (let i = 0; i < 3; i += 1) await first.get('/restaurants/8');
  await first.stop();
  const second = await startService(t, fast, { folder: first.folder });
  await second.request('POST', '/embeddings/backfill', { batchSize: 1 });
  await finished(second);
  const { items } = (await second.get('/restaurants?limit=100')).body as {
    items: { id: number; embedding: { createdAt: string } }[];
  };
  const inOrder = items.toSorted(
    (a, b) => Date.parse(a.embedding.createdAt) - Date.parse(b.embedding.createdAt),
  );
  // Restaurant 8 is viewed; 2 shares its cuisine and its place.
  assert.deepEqual(
    inOrder.slice(0, 2).map(({ id }) => id),
    [8, 2],
  );
});
