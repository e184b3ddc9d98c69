/** The fast path of warm reads gives what the router gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientLimits } from '../src/http/middleware/client-limits.ts';
import { createClientOfRequest } from '../src/http/middleware/client-address.ts';
import { createWarmRead } from '../src/http/warm-read.ts';
import { listen } from '../src/server/listen.ts';
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

const leftToRouter = () => new Response(null, { status: 418 });

const FLY = {
  API_KEY: 'a-key-of-more-than-16',
  TRUST_PROXY: 'fly',
  RATE_LIMIT: '600',
  CORS_ORIGINS: 'https://app.example',
};

for (const [what, settings] of [
  ['behind a proxy, with a rate limit and a listed origin', FLY],
  ['with all origins allowed', { ...FLY, CORS_ORIGINS: '*' }],
] as const)
  test(`a warm read has the same response on both ways ${what}`, async (t) => {
    const service = await startService(t, settings, { arguments: ['--sample-data'] });
    await service.get('/restaurants/1');
    const origins = [undefined, 'https://app.example', 'https://evil.example'];
    for (const [i, origin] of origins.entries()) {
      const headers = { 'Fly-Client-IP': `192.0.2.${i}`, ...(origin && { Origin: origin }) };
      const fast = await ask(service.url, 'GET', '/restaurants/1', headers);
      const routed = await ask(service.url, 'GET', '/restaurants/1', { ...headers, 'X-Request-Id': 'own' });
      assert.match(String(fast.headers['ratelimit']), /remaining=599,/, 'each client has its own limit');
      assert.match(String(routed.headers['ratelimit']), /remaining=598,/, 'both ways count together');
      delete fast.headers['ratelimit'];
      delete routed.headers['ratelimit'];
      assert.equal(fast.status, 200);
      assert.deepEqual(comparable(fast), comparable(routed), origin);
    }
  });

test('limits per client and listed origins do not send warm reads through the router; rejections do', async (t) => {
  const limits = { rateLimit: 3, openRequestsPerClient: 60 };
  const restaurant = { id: 1, name: 'Casa', version: 1, embedding: { status: 'ready' } } as never;
  const respondFirst = createWarmRead({
    restaurants: { find: async () => restaurant },
    currentModel: { version: () => undefined },
    views: { note() {} },
    metrics: { noteRead() {}, noteRequest() {} },
    log: { debug() {} },
    countRequest: createClientLimits({ ...limits, clientOf: createClientOfRequest('fly') }),
    corsOrigins: ['https://app.example'],
    trustsLocalClients: false,
  });
  const server = await listen(leftToRouter, { host: '127.0.0.1', port: 0, respondFirst });
  t.after(() => server.close(0));
  const headers = { Origin: 'https://app.example', 'Fly-Client-IP': '192.0.2.1' };
  const statuses = [];
  for (let i = 0; i < 4; i += 1)
    statuses.push((await ask(`http://127.0.0.1:${server.port}`, 'GET', '/restaurants/1', headers)).status);
  assert.deepEqual(statuses, [200, 200, 200, 418]);
});

test('every other request goes to the router', async (t) => {
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
