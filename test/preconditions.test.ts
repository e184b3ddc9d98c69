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
    (await service.request('PUT', '/restaurants/1', { name: 'x' }, { 'If-Match': seen })).status,
    412,
  );
});

test('PUT with If-None-Match: * only creates, and with If-Match: * only replaces', async (t) => {
  const service = await startService(t);
  const put = async (name: string, headers: Record<string, string>) =>
    (await service.request('PUT', '/restaurants/7', { name }, headers)).status;
  assert.equal(await put('Nobody', { 'If-Match': '*' }), 412);
  assert.equal((await service.get('/restaurants')).body.total, 0);
  assert.equal(await put('First', { 'If-None-Match': '*' }), 201);
  assert.equal(await put('Second', { 'If-None-Match': '*' }), 412);
  assert.equal((await service.get('/restaurants')).body.items[0].name, 'First');
  assert.equal(await put('Third', { 'If-Match': '*' }), 200);
});

test('If-Match may list several ETags, also ones that compression on the way made weak', async (t) => {
  const service = await startService(t);
  const { headers } = await service.request('PUT', '/restaurants/1', { name: 'A' });
  const current = headers.get('etag') ?? '';
  const patch = async (rating: number, own: Record<string, string>) =>
    (await service.request('PATCH', '/restaurants/1', { rating }, own)).status;
  assert.equal(await patch(1, { 'If-Match': '"77-x", "78.z-y"' }), 412);
  assert.equal(await patch(1, { 'If-None-Match': `"77-x", W/${current}` }), 412);
  assert.equal(await patch(1, { 'If-Match': `"77-x", ${current}` }), 200);
  assert.equal(await patch(2, { 'If-Match': `"77-x", ${current}` }), 412);
  const created = await service.request('POST', '/restaurants', { name: 'B' });
  const weak = `W/${(created.headers.get('etag') ?? '').replace(/^W\//, '')}`;
  const changed = await service.request('PATCH', '/restaurants/2', { rating: 3 }, { 'If-Match': weak });
  assert.equal(changed.status, 200);
});

test('an ETag of a deleted restaurant is none of the one that took its id', async (t) => {
  const service = await startService(t);
  const old = (await service.request('PUT', '/restaurants/1', { name: 'Old' })).headers.get('etag') ?? '';
  await service.request('DELETE', '/restaurants/1');
  assert.equal((await service.request('PUT', '/restaurants/1', { name: 'New' })).status, 201);
  const read = await service.get('/restaurants/1', { 'If-None-Match': old, Prefer: 'respond-async' });
  assert.deepEqual([read.status, read.body.name], [200, 'New']);
  const patched = await service.request('PATCH', '/restaurants/1', { rating: 1 }, { 'If-Match': old });
  assert.equal(patched.status, 412);
});
