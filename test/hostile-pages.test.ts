/** What a web page of another site can make a service without keys do: nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/raw-request.ts';
import { startService } from './support/service.ts';

const crossSite = { 'Sec-Fetch-Site': 'cross-site' };

test('a page of another site cannot make the service embed or search, but can link to it', async (t) => {
  const service = await startService(
    t,
    { CORS_ORIGINS: 'https://app.example' },
    { arguments: ['--sample-data'] },
  );
  for (const path of ['/restaurants/1', '/restaurants/1/similar', '/search?q=sushi', '/restaurants/export']) {
    const image = { ...crossSite, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
    assert.equal((await ask(service.url, 'GET', path, image)).status, 403, path);
    const script = { ...crossSite, 'Sec-Fetch-Mode': 'cors', Origin: 'https://evil.example' };
    assert.equal((await ask(service.url, 'GET', path, script)).status, 403, path);
    const frame = { ...crossSite, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' };
    assert.equal((await ask(service.url, 'GET', path, frame)).status, 403, path);
  }
  assert.equal((await service.get('/model')).body.inferences, 0);

  const link = { ...crossSite, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  assert.equal((await ask(service.url, 'GET', '/', link)).status, 200);
  const listed = { ...crossSite, 'Sec-Fetch-Mode': 'cors', Origin: 'https://app.example' };
  assert.equal((await ask(service.url, 'GET', '/restaurants', listed)).status, 200);
  const local = { ...crossSite, 'Sec-Fetch-Mode': 'cors', Origin: 'http://127.0.0.1:3000' };
  assert.equal((await ask(service.url, 'GET', '/restaurants', local)).status, 200);
  const own = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' };
  assert.equal((await ask(service.url, 'GET', '/restaurants', own)).status, 200);
  assert.equal((await ask(service.url, 'GET', '/restaurants')).status, 200);
});

test('with a key, reads are open to every page, as the operator chose', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const image = { ...crossSite, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
  assert.equal((await ask(service.url, 'GET', '/restaurants', image)).status, 200);
});
