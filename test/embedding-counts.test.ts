/** GET /embeddings: every restaurant is counted under one status. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

test('a restaurant that is being embedded is counted as pending alone, and the counts add up', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', EMBED_TIMEOUT_MS: '60000' });
  for (const name of ['A', 'B', 'C', 'D']) await service.request('POST', '/restaurants', { name });
  const counts = async () => {
    const { model: _model, ...numbers } = (await service.get('/embeddings')).body;
    return numbers;
  };
  await service.get('/restaurants/1');
  await service.get('/restaurants/2');
  await service.request('PATCH', '/restaurants/2', { name: 'Other' });
  assert.deepEqual(await counts(), { total: 4, ready: 1, stale: 1, missing: 2, pending: 0, failed: 0 });

  const [model = 0] = service.childPids();
  process.kill(model, 'SIGSTOP');
  for (const id of [2, 3]) await service.get(`/restaurants/${id}`, { Prefer: 'respond-async' });
  assert.deepEqual(await counts(), { total: 4, ready: 1, stale: 0, missing: 1, pending: 2, failed: 0 });
  process.kill(model, 'SIGCONT');
  for (const id of [2, 3]) await service.get(`/restaurants/${id}`);
  assert.deepEqual(await counts(), { total: 4, ready: 3, stale: 0, missing: 1, pending: 0, failed: 0 });
});
