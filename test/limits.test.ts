/** What is too large, too slow, too much at once, or no HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listen } from '../src/server/listen.ts';
import { startService, until } from './support/service.ts';
import { everything, open } from './support/sockets.ts';

test('headers that are too large, and what is not HTTP, are refused as problems', async (t) => {
  const service = await startService(t);
  const large = await open(t, service.url);
  large.write(`GET /restaurants HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`);
  assert.match(await everything(large), /^HTTP\/1\.1 431 [^]*"code":"headers-too-large"/);
  const long = await open(t, service.url);
  long.write(`GET /search?q=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  assert.match(await everything(long), /^HTTP\/1\.1 431 /);
  const nonsense = await open(t, service.url);
  nonsense.write('\x16\x03\x01 not http\r\n\r\n');
  assert.match(await everything(nonsense), /^HTTP\/1\.1 400 [^]*"code":"malformed-request"/);
  for (const [host, path] of [
    ['][', '/healthz'],
    ['evil.example/x?y', '/healthz'],
    ['x', '/a\\b'],
  ]) {
    const unreadable = await open(t, service.url);
    unreadable.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.match(await everything(unreadable), /^HTTP\/1\.1 400 [^]*"code":"malformed-request"/, host);
  }
  assert.equal((await service.get('/healthz')).status, 200);
});

test('a query of 10,000 characters is answered, whatever the script; a search is cut and says so', async (t) => {
  const service = await startService(t);
  for (const character of ['a', 'ã', '寿']) {
    const words = encodeURIComponent(character.repeat(10_000));
    const found = await service.get(`/search?mode=keyword&q=${words}`);
    assert.deepEqual([found.status, found.body.truncated], [200, true], character);
    assert.equal((await service.get(`/restaurants?q=${words}`)).status, 200, character);
  }
  for (const name of ['ã', 'ã']) await service.request('POST', '/restaurants', { name });
  const page = await service.get(`/restaurants?limit=1&q=${encodeURIComponent('ã '.repeat(5_000))}`);
  assert.equal(page.body.items.length, 1);
  assert.ok(page.body.nextCursor, 'the next page is told, though a header could not hold its address');
});

const bodyRate = { minBytesPerSecond: 1_000, graceMs: 50 };

test('a body that arrives too slowly is rejected; a long one that keeps arriving is not', async (t) => {
  const server = await listen(async (request) => new Response(await request.text()), {
    host: '127.0.0.1',
    port: 0,
    bodyRate,
  });
  t.after(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}`;
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n';
  const quick = await open(t, url);
  quick.write(`${head}${'a'.repeat(99_999)}`);
  const stalled = await open(t, url);
  stalled.write(`${head}a`);
  assert.match(await everything(stalled), /^HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
  const answered = once(quick, 'data');
  quick.write('b');
  assert.match(String((await answered)[0]), /^HTTP\/1\.1 200 /);
});

test('HEAD of a stream leaves nothing behind that listens', async (t) => {
  const service = await startService(t);
  for (let i = 0; i < 101; i += 1) {
    const { status, headers } = await service.request('HEAD', '/events');
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream']);
  }
  assert.equal((await service.request('HEAD', '/restaurants/export')).status, 200);
});

test('a client that has its response and stops sending its body is disconnected', async (t) => {
  const server = await listen(() => new Response('done'), { host: '127.0.0.1', port: 0, bodyRate });
  t.after(() => server.close(0));
  const client = await open(t, `http://127.0.0.1:${server.port}`);
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n');
  assert.match(await everything(client), /^HTTP\/1\.1 200 [^]*done/);
});

const stall = async (t: TestContext, url: string, path: string, rest: string, count: number) => {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  const sockets = await Promise.all(Array.from({ length: count }, () => open(t, url)));
  for (const socket of sockets) {
    socket.on('error', () => {});
    socket.write(`${head}${rest}`);
  }
  return sockets;
};

test('stalled bodies of clients without a key use up their own budget, not that of keyed writes', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const some = await stall(t, service.url, '/recommendations', 'Content-Length: 65536\r\n\r\n{', 30);
  for (let i = 0; i < 20; i += 1)
    assert.equal((await service.request('POST', '/recommendations', {})).status, 200);

  const chunked = 'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n';
  const many = await stall(t, service.url, '/recommendations', chunked, 34);
  const refused = await until('the budget is spent', async () => {
    const answer = await service.request('POST', '/recommendations', {});
    return answer.status === 503 && answer;
  });
  assert.match(refused.body.detail, /Too many bodies/);
  assert.ok(refused.headers.has('retry-after'));
  assert.equal((await service.get('/restaurants')).status, 200);
  const key = { Authorization: 'Bearer secret' };
  assert.equal((await service.request('POST', '/restaurants', { name: 'Keyed' }, key)).status, 201);
  for (const socket of [...some, ...many]) socket.destroy();
  await until(
    'the budget is free again',
    async () => (await service.request('POST', '/recommendations', {})).status === 200,
  );
});

const from = (client: string) => ({ 'Fly-Client-IP': client });

test('one client can use only its share of the budget for bodies', async (t) => {
  const service = await startService(t, { TRUST_PROXY: 'fly' });
  const rest = 'Fly-Client-IP: 192.0.2.1\r\nContent-Length: 65536\r\n\r\n{';
  await stall(t, service.url, '/recommendations', rest, 16);
  await until('its share is spent', async () => {
    const { status, body } = await service.request('POST', '/recommendations', {}, from('192.0.2.1'));
    return status === 503 && /Too many bodies/.test(body.detail);
  });
  assert.equal((await service.request('POST', '/recommendations', {}, from('192.0.2.2'))).status, 200);
});

test('a compressed body is rejected', async (t) => {
  const service = await startService(t);
  for (const path of ['/restaurants', '/recommendations']) {
    const response = await fetch(service.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: gzipSync('{"name":"A"}'),
    });
    const problem = (await response.json()) as { code: string; detail: string };
    assert.deepEqual([response.status, problem.code], [415, 'unsupported-media-type'], path);
    assert.match(problem.detail, /uncompressed/);
  }
});

test('without the key a body is not read', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const socket = await open(t, service.url);
  socket.write(
    'POST /restaurants HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
  );
  assert.match(await everything(socket), /^HTTP\/1\.1 401 /);
});
