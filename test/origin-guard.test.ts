/** A service without keys is for the programs of one machine, not for the web pages that its user visits. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { startService } from './support/service.ts';

/** `fetch` sets Host itself. */
function ask(url: string, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; code: string | undefined }>((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const isProblem = response.headers['content-type']?.includes('problem') ?? false;
        const { code } = isProblem ? (JSON.parse(text) as { code: string }) : {};
        resolve({ status: response.statusCode, code });
      });
    })
      .on('error', reject)
      .end();
  });
}

test('without a key a name that is not loopback is refused, so that no page can be pointed here', async (t) => {
  const service = await startService(t);
  await service.request('POST', '/restaurants', { name: 'A' });
  const path = `${service.url}/restaurants/1`;
  for (const Host of [
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'docker.internal',
    '10.0.0.1.evil.example',
  ]) {
    for (const method of ['GET', 'DELETE'])
      assert.deepEqual(await ask(path, method, { Host }), { status: 421, code: 'wrong-host' }, Host);
  }
  for (const Host of [
    'localhost',
    'localhost:1',
    'LOCALHOST',
    'app.localhost',
    '127.0.0.1:9',
    '10.0.2.2:8080',
    '192.168.1.5',
    '[fe80::1]:8080',
    'host.docker.internal:8080',
    '[::1]',
    '[::1]:80',
  ])
    assert.equal((await ask(path, 'GET', { Host })).status, 200, Host);
});

test('without a key a page of another origin may not write, and our own and listed ones may', async (t) => {
  const service = await startService(t, {
    CORS_ORIGINS: 'https://app.example',
    MODEL_DIR: 'models/none',
  });
  const path = `${service.url}/model/unload`;
  for (const Origin of [
    'https://evil.example',
    'null',
    'http://localhost:1',
    'https://app.example.evil.example',
  ])
    assert.deepEqual(await ask(path, 'POST', { Origin }), { status: 403, code: 'foreign-origin' }, Origin);
  for (const Origin of [service.url, 'https://app.example'])
    assert.equal((await ask(path, 'POST', { Origin })).status, 200, Origin);
  assert.equal((await ask(`${service.url}/healthz`, 'GET', { Origin: 'https://evil.example' })).status, 200);
});

test('with a key, or when everybody may write, names and origins do not matter', async (t) => {
  for (const environment of [{ API_KEY: 'secret' }, { ALLOW_ANONYMOUS_WRITES: 'true' }]) {
    const service = await startService(t, { ...environment, MODEL_DIR: 'models/none' });
    const headers = {
      Host: 'tastematch.example',
      Origin: 'https://app.example',
      Authorization: 'Bearer secret',
    };
    assert.equal((await ask(`${service.url}/model/unload`, 'POST', headers)).status, 200);
  }
});

test('without a key pages of a local development server may read and ask for recommendations, also after a preflight', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const Origin = 'http://localhost:5173';
  const page = { Origin, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };
  const preflight = await fetch(`${service.url}/recommendations`, {
    method: 'OPTIONS',
    headers: {
      ...page,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), Origin);
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /content-type/i);
  for (const answer of [
    await service.get('/restaurants', page),
    await service.request('POST', '/recommendations', {}, page),
  ]) {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), Origin);
  }
  const written = await service.request('POST', '/restaurants', { name: 'A' }, page);
  assert.deepEqual([written.status, written.headers.get('access-control-allow-origin')], [403, Origin]);
  const foreign = await service.request('POST', '/recommendations', {}, { Origin: 'https://evil.example' });
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
});
