/** What an answer would miss is embedded within a budget, and counted honestly. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, until, type Service } from './support/service.ts';

async function addRows(service: Service, count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    await service.request('POST', '/restaurants', { name: `Casa ${i}`, description: `Prato ${i}.` });
  }
}

test('answers that are made at the same time count each embedded row once', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '20000' });
  await addRows(service, 20);
  await service.get('/restaurants/1');
  // Two at once are admitted however busy the machine is.
  const answers = await Promise.all(
    Array.from({ length: 2 }, () => service.get('/restaurants/1/similar?limit=50')),
  );
  const toppedUp = answers.map(({ body }) => body.coverage.toppedUp as number);
  assert.equal(
    toppedUp.reduce((sum, count) => sum + count, 0),
    19,
  );
  for (const { body } of answers) {
    assert.equal(body.items.length, 19);
    assert.equal(body.coverage.embedded, 20);
  }
});

test('what is asked for because it has no vector is not embedded for the answer', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '20000' });
  await addRows(service, 5);
  await service.get('/restaurants/1');
  const { body } = await service.get('/restaurants/1/similar?embedded=false');
  assert.deepEqual(body.coverage, { eligible: 4, embedded: 0, toppedUp: 0 });
  const found = await service.get('/search?q=casa&embedded=false');
  assert.equal(found.body.items.length, 4);
  assert.equal((await service.get('/embeddings')).body.ready, 1);
});

test('when the budget ends, no more than one text is on its way', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '300' });
  await addRows(service, 20);
  await service.get('/restaurants/1');
  const [child = 0] = service.childPids();
  process.kill(child, 'SIGSTOP');
  const { status, body } = await service.get('/restaurants/1/similar');
  assert.deepEqual([status, body.coverage], [200, { eligible: 20, embedded: 1, toppedUp: 0 }]);
  assert.equal((await service.get('/model')).body.queued, 1);
  process.kill(child, 'SIGCONT');
  await until('that text is stored', async () => (await service.get('/embeddings')).body.ready === 2);
  assert.equal((await service.get('/model')).body.queued, 0);
});

test('top-up renews a stale vector, and the restaurant ranks again', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '20000' });
  await addRows(service, 3);
  await service.get('/restaurants/1/similar');
  await service.request('PATCH', '/restaurants/2', { description: 'Outra coisa.' });
  const { items, coverage } = (await service.get('/restaurants/1/similar')).body;
  assert.deepEqual(coverage, { eligible: 3, embedded: 3, toppedUp: 1 });
  assert.ok(items.some(({ restaurant }: { restaurant: { id: number } }) => restaurant.id === 2));
});
