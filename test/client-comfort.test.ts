/** What makes a client's life easy: idempotent creation, CORS, rate limits that tell, compression, events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, until } from './support/service.ts';
import { listen } from './support/events.ts';

test('the same Idempotency-Key and body give the same answer and one restaurant', async (t) => {
  const service = await startService(t);
  const headers = { 'Idempotency-Key': 'order-1' };
  const body = { name: 'Cantina Lilla', rating: 4 };
  const [first, second] = await Promise.all([
    service.request('POST', '/restaurants', body, headers),
    service.request('POST', '/restaurants', body, headers),
  ]);
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.deepEqual(first.body, second.body);
  assert.equal(first.headers.get('location'), second.headers.get('location'));
  const replays = [first, second].map(({ headers: own }) => own.get('idempotency-replayed'));
  assert.equal(replays.filter((value) => value === 'true').length, 1);
  await service.request('PATCH', '/restaurants/1', { rating: 1 });
  assert.equal((await service.request('POST', '/restaurants', body, headers)).body.rating, 4);
  assert.equal((await service.get('/restaurants')).body.total, 1);

  const other = await service.request('POST', '/restaurants', { name: 'Another' }, headers);
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency-key-reused']);
  const invalid = await service.request(
    'POST',
    '/restaurants',
    { name: '' },
    { 'Idempotency-Key': 'order-2' },
  );
  assert.equal(invalid.status, 400);
  assert.equal(
    (await service.request('POST', '/restaurants', body, { 'Idempotency-Key': 'order-2' })).status,
    201,
  );
  await service.stop();
  const again = await startService(t, {}, { folder: service.folder });
  assert.equal(
    (await again.request('POST', '/restaurants', body, headers)).headers.get('idempotency-replayed'),
    'true',
  );
});

test('only listed origins may call from a web page, and they can read the headers that matter', async (t) => {
  const service = await startService(t, {
    CORS_ORIGINS: 'https://app.example, https://other.example',
    RATE_LIMIT: '25',
  });
  await service.request('POST', '/restaurants', { name: 'Cantina Lilla' });
  const listed = await service.get('/restaurants', { Origin: 'https://app.example' });
  assert.equal(listed.headers.get('access-control-allow-origin'), 'https://app.example');
  for (const header of ['ETag', 'Link', 'RateLimit', 'Retry-After']) {
    assert.ok(listed.headers.get('access-control-expose-headers')?.includes(header), header);
  }
  const preflight = await fetch(`${service.url}/restaurants/1`, {
    method: 'OPTIONS',
    headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'PATCH' },
  });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PATCH/);
  const app = { Origin: 'https://app.example' };
  const rejections = [
    await service.get('/restaurants/99', app),
    await service.get('/restaurants?limit=x', app),
    await service.get('/nothing', app),
    await service.request('DELETE', '/restaurants', undefined, app),
    await service.request('POST', '/restaurants', { name: '' }, app),
  ];
  for (let i = 0; i < 20; i += 1) rejections.push(await service.get('/model', app));
  assert.deepEqual(
    rejections.map(({ status }) => status).filter((status) => status !== 200),
    [404, 400, 404, 405, 400, 429, 429],
  );
  for (const { status, headers } of rejections) {
    assert.equal(headers.get('access-control-allow-origin'), 'https://app.example', `${status}`);
    assert.match(headers.get('access-control-expose-headers') ?? '', /Retry-After/);
  }
  const foreign = await service.get('/restaurants', { Origin: 'https://evil.example' });
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
});

test('a client beyond its rate limit is told how long to wait, and others are served', async (t) => {
  const service = await startService(t, { RATE_LIMIT: '3', TRUST_PROXY: 'fly' });
  const ask = (ip: string) => service.get('/restaurants', { 'Fly-Client-IP': ip });
  const answers = [await ask('1.1.1.1'), await ask('1.1.1.1'), await ask('1.1.1.1'), await ask('1.1.1.1')];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429],
  );
  assert.match(answers[0]?.headers.get('ratelimit') ?? '', /^limit=3, remaining=2, reset=\d+$/);
  assert.ok(Number(answers[3]?.headers.get('retry-after')) > 0);
  assert.equal(answers[3]?.body.code, 'too-many-requests');
  assert.equal((await ask('2.2.2.2')).status, 200);
  const network = ['2001:db8::1', '2001:db8:0:0:ffff::1', '2001:0DB8::2:0:0:1', '2001:db8::abcd'];
  const ofNetwork: number[] = [];
  for (const ip of network) ofNetwork.push((await ask(ip)).status);
  assert.deepEqual(ofNetwork, [200, 200, 200, 429]);
  assert.equal((await ask('2001:db8:0:1::1')).status, 200);
  const ofNobody: number[] = [];
  for (const ip of ['a', 'b', 'c', '1.1.1.1, 3.3.3.3']) ofNobody.push((await ask(ip)).status);
  assert.deepEqual(ofNobody, [200, 200, 200, 429], 'what is no address makes nobody another client');

  const untrusting = await startService(t, { RATE_LIMIT: '1' });
  await untrusting.get('/restaurants', { 'Fly-Client-IP': '1.1.1.1' });
  assert.equal((await untrusting.get('/restaurants', { 'Fly-Client-IP': '9.9.9.9' })).status, 429);
});

test('a large answer is compressed for a client that can read it', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
  const list = await service.get('/restaurants?limit=100', { 'Accept-Encoding': 'gzip' });
  assert.equal(list.headers.get('content-encoding'), 'gzip');
  assert.equal(list.body.items.length, 100);
  const plain = await service.get('/restaurants?limit=100', { 'Accept-Encoding': 'identity' });
  assert.equal(plain.headers.get('content-encoding'), null);
});

test('listeners hear of embeddings, the model and the backfill, catch up with Last-Event-ID, and let the service stop', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  for (const name of ['A', 'B', 'C']) await service.request('POST', '/restaurants', { name });
  const first = await listen(service);
  assert.equal(first.response.headers.get('content-type'), 'text/event-stream');
  await service.get('/restaurants/2');
  await until('the embedding is told', () => first.events.some(({ type }) => type === 'embedded'));
  assert.deepEqual(
    first.events.map(({ type, data }) => [type, data['state'] ?? data['restaurantId']]),
    [
      ['model', 'loading'],
      ['model', 'ready'],
      ['embedded', 2],
    ],
  );
  await service.request('POST', '/embeddings/backfill');
  await until('the backfill is told', () =>
    first.events.some(({ type, data }) => type === 'backfill' && data['state'] === 'finished'),
  );
  const missed = await listen(service, { 'Last-Event-ID': first.events[1]?.id ?? '' });
  await until('it has caught up', () => missed.events.length === first.events.length - 2);
  assert.deepEqual(missed.events, first.events.slice(2));
  assert.equal(await service.stop(), 0);
  await Promise.all([first.ended, missed.ended]);
});
