/** The fast path of warm reads gives what the router gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/raw-request.ts';
import { startService, until } from './support/service.ts';

const ownOfEach = new Set(['date', 'x-request-id', 'server-timing']);
const comparable = ({ status, headers, body }: Awaited<ReturnType<typeof ask>>) => ({
  status,
  body,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ownOfEach.has(name))),
});

test('a warm read has the same response on the fast path and through the router', async (t) => {
  const service = await startService(t, { LOG_LEVEL: 'debug' }, { arguments: ['--sample-data'] });
  await service.request('PATCH', '/restaurants/1', { description: 'Açaí — “na tigela” 🍧' });
  await service.get('/restaurants/1');
  const fast = await ask(service.url, 'GET', '/restaurants/1');
  // A header that the fast path leaves to the router.
  const routed = await ask(service.url, 'GET', '/restaurants/1', { 'X-Request-Id': 'own' });
  assert.equal(fast.status, 200);
  assert.deepEqual(comparable(fast), comparable(routed));
  for (const { headers } of [fast, routed]) {
    assert.match(String(headers['server-timing']), /^embed;dur=[\d.]+;desc="stored"$/);
    assert.ok(headers['x-request-id']);
  }
  const lines = await until('both are logged', () => {
    const reads = service.log.filter(({ method, path }) => method === 'GET' && path === '/restaurants/1');
    return reads.length >= 3 && reads.slice(-2);
  });
  assert.deepEqual(lines.map((line) => Object.keys(line).sort()).map(String), [
    ...new Set(lines.map((line) => String(Object.keys(line).sort()))),
    ...new Set(lines.map((line) => String(Object.keys(line).sort()))),
  ]);
});

test('what is not a warm read is left to the router', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
  assert.equal((await service.get('/restaurants/2')).body.embedding.status, 'ready', 'a first read embeds');
  const { headers } = await ask(service.url, 'GET', '/restaurants/2');
  const tag = { 'If-None-Match': String(headers['etag']) };
  assert.equal((await ask(service.url, 'GET', '/restaurants/2', tag)).status, 304);
  assert.equal((await ask(service.url, 'GET', '/restaurants/999999')).status, 404);
  assert.equal((await ask(service.url, 'GET', '/restaurants/2?colour=red')).status, 400);
  assert.equal((await ask(service.url, 'GET', '/restaurants/9007199254740993')).status, 400);
  assert.equal((await ask(service.url, 'GET', '/restaurants/2', { Host: 'evil.example' })).status, 421);
  assert.equal((await ask(service.url, 'HEAD', '/restaurants/2')).body, '');
  const { body } = await ask(service.url, 'GET', '/metrics');
  assert.match(body, /http_requests_total\{method="GET",route="\/restaurants\/:id",status="200"\} \d/);
});
