/** How many requests one client may have open behind a proxy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, until } from './support/service.ts';
import { open } from './support/sockets.ts';

const PER_CLIENT = 60;
const from = (client: string) => ({ 'Fly-Client-IP': client });

test('behind Fly one client may have 60 requests open; the next is refused, and other clients are served', async (t) => {
  const service = await startService(t, { TRUST_PROXY: 'fly' });
  const stalled = await Promise.all(
    Array.from({ length: PER_CLIENT }, async () => {
      const socket = await open(t, service.url);
      socket.on('error', () => {});
      // Small bodies, so that the memory of bodies is not what ends first.
      const head = 'POST /recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
      socket.write(`${head}Fly-Client-IP: 192.0.2.1\r\nContent-Length: 100\r\n\r\n{`);
      return socket;
    }),
  );
  const refused = await until('the limit is reached', async () => {
    const answer = await service.get('/restaurants', from('192.0.2.1'));
    return answer.status === 429 && answer;
  });
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.match(refused.body.detail, /60 requests open/);
  assert.equal((await service.get('/restaurants', from('192.0.2.2'))).status, 200);
  for (const socket of stalled) socket.destroy();
  await until('the client is served again', async () => {
    const answer = await service.get('/restaurants', from('192.0.2.1'));
    return answer.status === 200;
  });
});
