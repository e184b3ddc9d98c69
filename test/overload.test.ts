/** What costs much is refused before it harms what costs little. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { createErrorHandler } from '../src/http/middleware/error-handler.ts';
import { createSerialise } from '../src/http/middleware/serialise.ts';
import { startService, until } from './support/service.ts';

test('similarity queries beyond the limit are rejected at once, and plain reads are not', async (t) => {
  const service = await startService(
    t,
    { MAX_VECTOR_QUERIES: '1', TOP_UP_MS: '5000', EMBED_WAIT_MS: '20000' },
    { arguments: ['--sample-data'] },
  );
  const first = service.get('/restaurants/1/similar');
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.get('/search?q=sushi')));
  const refused = answers.filter(({ status }) => status === 503);
  assert.ok(refused.length > 0, 'some are refused');
  assert.ok(refused.every(({ headers, body }) => headers.has('retry-after') && body.code === 'unavailable'));
  assert.equal((await service.get('/restaurants')).status, 200);
  assert.equal((await first).status, 200);
});

test('a page is never rejected: without admission of vector work it is searched by words', async (t) => {
  const service = await startService(
    t,
    { MAX_VECTOR_QUERIES: '1', TOP_UP_MS: '5000' },
    { arguments: ['--sample-data'] },
  );
  const paths = Array.from({ length: 6 }, (_, i) => [
    `/?q=sushi+${i}`,
    `/explore/results?q=sushi+${i}`,
  ]).flat();
  const pages = await Promise.all(paths.map((path) => service.get(path)));
  assert.deepEqual([...new Set(pages.map(({ status }) => status))], [200]);
  assert.ok(pages.some(({ body }) => /Searched by words only: the service is busy/.test(body)));
});

test('only a search by words passes when nothing can be ranked by similarity', async (t) => {
  const service = await startService(t, { MEMORY_LIMIT_MB: '20', MODEL_DIR: 'models/none' });
  await until('memory is short', async () => (await service.get('/model')).body.memory.refusing);
  await service.request('POST', '/restaurants', { name: 'A' });
  assert.equal((await service.get('/search?q=a&mode=keyword')).status, 200);
  assert.equal((await service.request('POST', '/recommendations?mode=keyword', {})).status, 503);
  assert.equal((await service.get('/restaurants/1/similar?mode=keyword')).status, 503);
  assert.equal((await service.get('/explore/recommendations?like=1')).status, 503);
});

test('one client cannot use up all event streams, and gets its own share back', async (t) => {
  const service = await startService(t, { TRUST_PROXY: 'fly' });
  const listen = async (client: string) => {
    const abort = new AbortController();
    const headers = { 'Fly-Client-IP': client };
    const { status } = await fetch(`${service.url}/events`, { headers, signal: abort.signal });
    return { status, abort };
  };
  const first = await Promise.all(Array.from({ length: 12 }, () => listen('2001:db8::1')));
  assert.ok(first.every(({ status }) => status === 200));
  assert.equal((await listen('2001:db8::2')).status, 503, 'of the same /64');
  assert.equal((await listen('2001:db8:0:1::1')).status, 200);
  first[0]?.abort.abort();
  await until('a place is free', async () => (await listen('2001:db8::3')).status === 200);
});

test('requests that block the event loop are serialised, and rejected if they would wait for long', async () => {
  const app = new Hono();
  app.onError(createErrorHandler({ error() {} }));
  app.get('/long', createSerialise(), (c) => {
    const endsAt = performance.now() + 60;
    while (performance.now() < endsAt);
    return c.text('done');
  });
  const statuses = async (count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, async () => app.request('/long')));
    return answers.map(({ status }) => status);
  };
  assert.deepEqual(await statuses(1), [200]);
  const crowd = await statuses(40);
  assert.ok(crowd.includes(200) && crowd.filter((status) => status === 503).length >= 30, crowd.join());
  assert.deepEqual(await statuses(1), [200], 'afterwards there is room again');
});

test('after work that took longer than others may wait, the next request is served', async () => {
  const app = new Hono();
  app.onError(createErrorHandler({ error() {} }));
  app.get('/long', createSerialise({ maxWaitMs: 50 }), async (c) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return c.text('done');
  });
  for (let i = 0; i < 3; i += 1) assert.equal((await app.request('/long')).status, 200);
});
