/** What was read can be sent back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

test('a restaurant that was read can be PUT back as it is; changed read-only fields are refused with their place', async (t) => {
  const { get, request } = await startService(t, { MODEL_DIR: 'models/none' });
  await request('POST', '/restaurants', { name: 'A', attributes: { a: 1 } });
  const read = (await get('/restaurants?near=1,1&sort=distance')).body.items[0];
  const same = await request('PUT', '/restaurants/1', read);
  assert.deepEqual([same.status, same.body.version], [200, 1]);
  const edited = await request('PUT', '/restaurants/1', { ...read, rating: 4 });
  assert.deepEqual([edited.status, edited.body.version, edited.body.rating], [200, 2, 4]);
  const stale = await request('PUT', '/restaurants/1', { ...read, rating: 5, id: 7 });
  assert.equal(stale.status, 400);
  assert.deepEqual(
    stale.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/id', '/updatedAt', '/version'],
  );
  assert.match(stale.body.errors[2].detail, /is read-only; the restaurant has 2/);
  const patched = await request('PATCH', '/restaurants/1', { version: 9 });
  assert.deepEqual(patched.body.errors, [{ pointer: '/version', detail: 'is set by the service' }]);
});

test('health checks are never rate limited', async (t) => {
  const { get } = await startService(t, { RATE_LIMIT: '1', API_KEY: 'secret', MODEL_DIR: 'models/none' });
  for (let i = 0; i < 5; i += 1) {
    assert.equal((await get('/healthz')).status, 200);
    assert.equal((await get('/readyz')).status, 200);
  }
  assert.equal((await get('/model')).status, 200);
  assert.equal((await get('/model')).status, 429);
});
