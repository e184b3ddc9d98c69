/** Writes that hold only for what the writer has seen: If-Match and If-None-Match. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

test('If-Match refuses a write to a row that has changed, and an embedding made meanwhile does not count', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  await service.request('POST', '/restaurants', { name: 'Ágata' });
  const seen = (await service.get('/restaurants/1', { Prefer: 'respond-async' })).headers.get('etag') ?? '';
  await service.get('/restaurants/1');
  const first = await service.request('PATCH', '/restaurants/1', { rating: 1 }, { 'If-Match': seen });
  assert.equal(first.status, 200);
  const second = await service.request('PATCH', '/restaurants/1', { rating: 2 }, { 'If-Match': seen });
  assert.equal(second.status, 412);
  assert.equal(
    (await service.request('DELETE', '/restaurants/1', undefined, { 'If-Match': '"nonsense"' })).status,
    412,
  );
  assert.equal(
    (await service.request('DELETE', '/restaurants/1', undefined, { 'If-Match': '*' })).status,
    204,
  );
  assert.equal(
    (await service.request('PUT', '/restaurants/1', { name: 'x' }, { 'If-Match': '"1-missing"' })).status,
    404,
  );
});
