/** What is too large, too slow, too much at once, or no HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
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

test('a body that does not arrive in time is refused, except on a path that may take long', async (t) => {
  const server = await listen(async (request) => new Response(await request.text()), {
    host: '127.0.0.1',
    port: 0,
    bodyTimeoutMs: 50,
    slowPaths: ['/slow'],
  });
  t.after(() => server.close(0));
  const head = 'HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab';
  const slow = await open(t, `http://127.0.0.1:${server.port}`);
  slow.write(`POST / ${head}`);
  assert.match(await everything(slow), /^HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
  const beside = await open(t, `http://127.0.0.1:${server.port}`);
  beside.write(`POST /slow-but-another ${head}`);
  assert.match(await everything(beside), /^HTTP\/1\.1 408 /);
  const allowed = await open(t, `http://127.0.0.1:${server.port}`);
  allowed.write(`POST /slow?with=query ${head}`);
  const again = await open(t, `http://127.0.0.1:${server.port}`);
  again.write(`POST / ${head}`);
  await everything(again); // By now the first one has waited longer than a body may.
  const answered = once(allowed, 'data');
  allowed.write('cd');
  assert.match(String((await answered)[0]), /^HTTP\/1\.1 200 [^]*abcd/);
});

test('HEAD of a stream leaves nothing behind that listens', async (t) => {
  const service = await startService(t);
  for (let i = 0; i < 101; i += 1) {
    const { status, headers } = await service.request('HEAD', '/events');
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream']);
  }
  assert.equal((await service.request('HEAD', '/restaurants/export')).status, 200);
});

test('who was answered and goes on sending a body is cut', async (t) => {
  const server = await listen(() => new Response('done'), { host: '127.0.0.1', port: 0, bodyTimeoutMs: 50 });
  t.after(() => server.close(0));
  const client = await open(t, `http://127.0.0.1:${server.port}`);
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n');
  assert.match(await everything(client), /^HTTP\/1\.1 200 [^]*done/);
});

test('bodies that stall fill a budget, not the memory and not the places of others', async (t) => {
  const service = await startService(t);
  const head = 'POST /recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const stall = async (rest: string, count: number) => {
    const sockets = await Promise.all(Array.from({ length: count }, () => open(t, service.url)));
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.write(`${head}${rest}`);
    }
    return sockets;
  };
  const some = await stall('Content-Length: 65536\r\n\r\n{', 100);
  for (let i = 0; i < 20; i += 1)
    assert.equal((await service.request('POST', '/recommendations', {})).status, 200);

  const many = await stall('Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n', 156);
  const refused = await until('the budget is spent', async () => {
    const answer = await service.request('POST', '/recommendations', {});
    return answer.status === 503 && answer;
  });
  assert.match(refused.body.detail, /Too many bodies/);
  assert.ok(refused.headers.has('retry-after'));
  assert.equal((await service.get('/restaurants')).status, 200);
  for (const socket of [...some, ...many]) socket.destroy();
  await until(
    'the budget is free again',
    async () => (await service.request('POST', '/recommendations', {})).status === 200,
  );
});

test('without the key a body is not read', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const socket = await open(t, service.url);
  socket.write(
    'POST /restaurants HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
  );
  assert.match(await everything(socket), /^HTTP\/1\.1 401 /);
});
