/** Clients that are slow, too many, or send what is not HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { listen } from '../src/commands/listen.ts';
import { startService } from './support/service.ts';

async function open(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function everything(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => {});
  await once(socket, 'close');
  return text;
}

test('headers that are too large, and what is not HTTP, are refused as problems', async (t) => {
  const service = await startService(t);
  const large = await open(t, service.url);
  large.write(`GET /restaurants HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`);
  assert.match(await everything(large), /^HTTP\/1\.1 431 [^]*"code":"headers-too-large"/);
  const long = await open(t, service.url);
  long.write(`GET /search?q=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
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
  const head = 'HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab';
  const slow = await open(t, `http://127.0.0.1:${server.port}`);
  slow.write(`POST / ${head}`);
  assert.match(await everything(slow), /^HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
  const allowed = await open(t, `http://127.0.0.1:${server.port}`);
  allowed.write(`POST /slow ${head}`);
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

test('connections beyond the limit are closed, and the others are served', async (t) => {
  const service = await startService(t, { MAX_CONNECTIONS: '20' });
  const idle = await Promise.all(Array.from({ length: 19 }, () => open(t, service.url)));
  const served = await open(t, service.url);
  const refused = await open(t, service.url);
  assert.equal(await everything(refused), '');
  served.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(await everything(served), /^HTTP\/1\.1 200 /);
  for (const socket of idle) socket.destroy();
});

test('more similarity queries than may be under way are refused at once, and plain reads are not', async (t) => {
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
