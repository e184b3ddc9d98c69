/** Clients that send requests without waiting for the responses. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { listen } from '../src/server/listen.ts';
import { startService, until } from './support/service.ts';
import { open } from './support/sockets.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (size: number) =>
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`;

test('at most 8 pipelined requests of a connection are started, and all are answered in order', async (t) => {
  const COUNT = 3_000;
  let started = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  const server = await listen(
    async ({ url }) => {
      started += 1;
      mostInFlight = Math.max(mostInFlight, (inFlight += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return new Response(new URL(url).pathname);
    },
    { host: '127.0.0.1', port: 0 },
  );
  t.after(() => server.close(0));
  const socket = await open(t, `http://127.0.0.1:${server.port}`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  for (let i = 0; i < COUNT; i += 1) socket.write(get(`/${i}`));
  const bodies = await until('all are answered', () => {
    const found = [...text.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, path]) => Number(path));
    return found.length === COUNT && found;
  });
  assert.deepEqual(bodies, [...Array(COUNT).keys()]);
  assert.equal(started, COUNT);
  assert.ok(mostInFlight <= 8, `${mostInFlight} were in flight at once`);
});

test('requests after a body in the same connection are answered too', async (t) => {
  const server = await listen(async (request) => new Response(`[${(await request.text()).length}]`), {
    host: '127.0.0.1',
    port: 0,
  });
  t.after(() => server.close(0));
  const socket = await open(t, `http://127.0.0.1:${server.port}`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const sizes = [1, 100_000, 5, 4_096, 200_000, 3];
  socket.write(sizes.map(post).join(''));
  await until('all are answered', () => text.match(/\[\d+\]/g)?.length === sizes.length);
  assert.deepEqual(
    text.match(/\[\d+\]/g),
    sizes.map((size) => `[${size}]`),
  );
});

test('a request is answered after one whose body was rejected before its end', async (t) => {
  const server = await listen(
    async ({ method, body }) => {
      if (method === 'GET') return new Response('[next]');
      for await (const _chunk of body ?? []) break;
      return new Response('[rejected]', { status: 400 });
    },
    { host: '127.0.0.1', port: 0 },
  );
  t.after(() => server.close(0));
  const socket = await open(t, `http://127.0.0.1:${server.port}`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(socket, 'close');
  socket.write(post(300_000) + get('/'));
  await Promise.race([closed, until('both are answered', () => text.includes('[next]'))]);
  assert.match(text, /\[rejected\][^]*\[next\]/);
});

test('another client has its turn while one works through thousands of pipelined requests', async (t) => {
  let started = 0;
  let startedBefore: number | undefined;
  const server = await listen(
    ({ url }) => {
      if (url.endsWith('/other')) startedBefore = started;
      else if ((started += 1) === 1) other.write(get('/other'));
      return new Response('short');
    },
    { host: '127.0.0.1', port: 0 },
  );
  t.after(() => server.close(0));
  const other = await open(t, `http://127.0.0.1:${server.port}`);
  const socket = await open(t, `http://127.0.0.1:${server.port}`);
  socket.resume().write(get('/many').repeat(3_000));
  const before = await until('the other is answered', () => startedBefore);
  assert.ok(before < 100, `${before} requests were answered before it`);
});

test('a client that sends thousands of requests and reads nothing takes little memory', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
  await service.get('/restaurants/1');
  const rssBytes = async () => (await service.get('/model')).body.memory.service.rssBytes as number;
  // The heap has grown to what warm reads need.
  for (let i = 0; i < 3_000; i += 1) await service.get('/restaurants/1');
  const before = await rssBytes();
  const requests = get('/restaurants/1').repeat(1_400);
  const sockets = await Promise.all(Array.from({ length: 4 }, () => open(t, service.url)));
  for (const socket of sockets) {
    socket.on('error', () => {}).pause();
    socket.write(requests);
  }
  for (let i = 0; i < 50; i += 1) assert.equal((await service.get('/healthz')).status, 200);
  const grown = ((await rssBytes()) - before) / 2 ** 20;
  assert.ok(grown < 25, `${grown.toFixed(0)} MB more`);
});
