/** Reading is open; writing and administration need a key when one is set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

test('with an API key reading stays open and writing needs the key', async (t) => {
  const service = await startService(t, { API_KEY: 'first-key,second-key' });
  assert.equal((await service.request('POST', '/restaurants', { name: 'A' })).status, 401);
  const wrong = await service.request(
    'POST',
    '/restaurants',
    { name: 'A' },
    { Authorization: 'Bearer nope' },
  );
  assert.equal(wrong.status, 401);
  assert.match(wrong.headers.get('www-authenticate') ?? '', /^Bearer/);
  for (const key of ['first-key', 'second-key']) {
    const answer = await service.request(
      'POST',
      '/restaurants',
      { name: key },
      { Authorization: `Bearer ${key}` },
    );
    assert.equal(answer.status, 201);
  }
  assert.equal((await service.get('/restaurants/1')).status, 200);
  assert.equal((await service.request('POST', '/model/unload')).status, 401);
  assert.ok(service.log.every((entry) => !JSON.stringify(entry).includes('first-key')));
});
