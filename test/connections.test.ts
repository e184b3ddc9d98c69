/** Clients that take connections from others: by not reading, or by opening too many. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { listen } from '../src/server/listen.ts';
import { startService, until } from './support/service.ts';
import { everything, open } from './support/sockets.ts';

const askOnce = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test('clients that do not read their answers are cut, and one that waits for its answer is not', async (t) => {
  const lateAnswer = new EventEmitter();
  const answers: Record<string, () => Response | Promise<Response>> = {
    '/large': () => new Response('x'.repeat(8 * 1024 * 1024)),
    '/late': () => once(lateAnswer, 'ready').then(() => new Response('at last')),
    '/small': () => new Response('small', { headers: { Connection: 'close' } }),
  };
  const server = await listen(
    ({ url }) => answers[new URL(url).pathname]?.() ?? new Response(null, { status: 404 }),
    { host: '127.0.0.1', port: 0, maxConnections: 4, unreadTimeoutMs: 1_000 },
  );
  t.after(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}`;
  const late = await open(t, url);
  late.write(get('/late'));
  const silent = await Promise.all(Array.from({ length: 3 }, () => open(t, url)));
  for (const socket of silent) {
    socket.on('error', () => {});
    socket.pause().write(get('/large'));
  }
  await until('there is room again', async () => {
    const answer = await everythingAsked(t, url, get('/small')).catch(() => '');
    return answer.endsWith('small');
  });
  const answered = once(late, 'data');
  lateAnswer.emit('ready');
  assert.match(String((await answered)[0]), /^HTTP\/1\.1 200 [^]*at last/);
});

test('one client gets its share of the connections, and another is still served', async (t) => {
  const options = { host: '0.0.0.0', port: 0, maxConnections: 10, maxConnectionsPerClient: 3 };
  const server = await listen(() => new Response('served'), options);
  t.after(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}`;
  const first = await Promise.all(Array.from({ length: 3 }, () => open(t, url)));
  assert.equal(await everything(await open(t, url)), '');
  // Linux has all of 127.0.0.0/8.
  if (process.platform === 'linux') {
    const other = connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    other.end(askOnce);
    assert.match(await everything(other), /served/);
  }
  first[0]?.write(askOnce);
  assert.match(await everything(first[0] as Socket), /served/);
  await until('its place is free again', async () =>
    (await everythingAsked(t, url, askOnce)).includes('served'),
  );
});

const everythingAsked = async (t: TestContext, url: string, ask: string) => {
  const socket = await open(t, url);
  socket.write(ask);
  return everything(socket);
};

test('new connections take the places of those that have been idle for the longest time', async (t) => {
  const server = await listen(() => new Response('served'), {
    host: '127.0.0.1',
    port: 0,
    maxConnections: 20,
  });
  t.after(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}`;
  const idle = await Promise.all(Array.from({ length: 20 }, () => open(t, url)));
  const closed = Promise.race(idle.map((socket) => once(socket.resume(), 'close')));
  for (let i = 0; i < 5; i += 1) {
    idle.push(await open(t, url));
    assert.match(await everythingAsked(t, url, askOnce), /served/);
  }
  await closed;
});

test(
  'a service that stops does not wait for connections that never sent a request',
  { timeout: 8_000 },
  async (t) => {
    const server = await listen(() => new Response('served'), { host: '127.0.0.1', port: 0 });
    const silent = await open(t, `http://127.0.0.1:${server.port}`);
    const closed = once(silent.resume(), 'close');
    await server.close(600_000);
    await closed;
  },
);

test('connections beyond the limit are closed while all others are in use', async (t) => {
  const service = await startService(t, { MAX_CONNECTIONS: '5' });
  const busy: Socket[] = [];
  for (let i = 0; i < 5; i += 1) {
    const socket = await open(t, service.url);
    busy.push(socket);
    const streaming = once(socket, 'data');
    socket.write(get('/events'));
    await streaming;
  }
  assert.equal(await everything(await open(t, service.url)), '');
  assert.ok(busy.every((socket) => !socket.destroyed));
});
