/** Who may do what: every route without a key, with a wrong one, with a right one. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { apiDocument, operations } from './support/openapi.ts';
import { allRoutes } from './support/routes.ts';
import { startService } from './support/service.ts';

/** A new route fails this test until it stands here. */
const access: Record<string, 'open' | 'key'> = {
  'get /restaurants': 'open',
  'post /restaurants': 'key',
  'post /restaurants/import': 'key',
  'get /restaurants/export': 'open',
  'get /suggest': 'open',
  'get /changes': 'open',
  'get /backup': 'key',
  'get /restaurants/{id}': 'open',
  'put /restaurants/{id}': 'key',
  'patch /restaurants/{id}': 'key',
  'delete /restaurants/{id}': 'key',
  'get /restaurants/{id}/similar': 'open',
  'post /recommendations': 'open',
  'get /search': 'open',
  'get /map': 'open',
  'get /embeddings': 'open',
  'get /embeddings/failures': 'key',
  'post /embeddings/failures/retry': 'key',
  'get /embeddings/backfill': 'open',
  'post /embeddings/backfill': 'key',
  'delete /embeddings/backfill': 'key',
  'get /model': 'open',
  'post /model/load': 'key',
  'post /model/unload': 'key',
  'get /events': 'open',
  'get /healthz': 'open',
  'get /readyz': 'open',
  'get /metrics': 'key',
  'get /': 'open',
  'get /explore': 'open',
  'get /explore/*': 'open',
  'post /explore/restaurants/{id}/index': 'open',
  'get /assets/*': 'open',
  'get /robots.txt': 'open',
  'get /openapi.json': 'open',
  'get /docs': 'open',
  'get /docs/*': 'open',
};

const inOrder = (list: readonly string[]) => list.toSorted((a, b) => a.localeCompare(b));

test('every route is open, or wants a key, as the table says', async (t) => {
  const routes = allRoutes();
  assert.deepEqual(inOrder(routes), inOrder(Object.keys(access)));
  const documented = operations(await apiDocument()).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(
    documented.filter((route) => !routes.includes(route)),
    [],
  );

  const service = await startService(t, { API_KEY: 'first, second', MODEL_DIR: 'models/none' });
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    const status = async (authorization?: string) => {
      const abort = new AbortController();
      const response = await fetch(service.url + path.replace('{id}', '1'), {
        method: method.toUpperCase(),
        signal: abort.signal,
        ...(authorization && { headers: { Authorization: authorization } }),
      });
      abort.abort();
      return response.status;
    };
    const refused = access[route] === 'key';
    assert.equal((await status()) === 401, refused, `${route} without a key`);
    for (const wrong of [
      'Bearer wrong',
      'Bearer first,',
      'Basic first',
      'Bearer',
      `Bearer ${'x'.repeat(5_000)}`,
    ]) {
      assert.equal((await status(wrong)) === 401, refused, `${route} with ${wrong.slice(0, 20)}`);
    }
    for (const right of ['Bearer first', 'bearer second']) {
      assert.notEqual(await status(right), 401, `${route} with ${right}`);
    }
  }
});

test('every route that takes a body limits it, and says so only to clients that may send one', async (t) => {
  const service = await startService(t, {
    API_KEY: 'secret',
    MAX_BODY_BYTES: '1024',
    MODEL_DIR: 'models/none',
  });
  const large = { name: 'x'.repeat(5_000) };
  for (const route of allRoutes()) {
    const [method = '', path = ''] = route.split(' ');
    // An import is a stream without an end.
    if (method === 'get' || path === '/restaurants/import') continue;
    const send = async (headers?: Record<string, string>) =>
      (await service.request(method.toUpperCase(), path.replace('{id}', '1'), large, headers)).status;
    assert.equal(await send({ Authorization: 'Bearer secret' }), 413, route);
    assert.equal(await send(), access[route] === 'key' ? 401 : 413, route);
  }
});

test('a wrong method or an unknown path below a protected one reveals nothing', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  for (const [method, path] of [
    ['POST', '/model/load/'],
    ['POST', '//model/load'],
    ['POST', '/Model/load'],
    ['POST', '/model/%6Coad'],
    ['DELETE', '/restaurants/1/'],
    ['POST', '/restaurants/import/'],
  ] as const) {
    const { status } = await service.request(method, path);
    assert.ok([401, 404, 405].includes(status), `${method} ${path}: ${status}`);
  }
  assert.deepEqual(service.childPids(), []);
});

test('without a key the service refuses to listen beyond loopback, and says what to do', async (t) => {
  await assert.rejects(startService(t, { HOST: '0.0.0.0' }), /set API_KEY, or ALLOW_ANONYMOUS_WRITES=true/);
});

test('the key is in no log line, no error, no page and not with the process of the model', async (t) => {
  const service = await startService(t, {
    API_KEY: 'very-secret',
    LOG_LEVEL: 'trace',
    EMBED_WAIT_MS: '20000',
  });
  const headers = { Authorization: 'Bearer very-secret' };
  const answers = [
    await service.request('POST', '/restaurants', { name: '' }, headers),
    await service.request('POST', '/restaurants', { name: 'A' }, headers),
    await service.get('/explore/machine', headers),
    await service.get('/nothing', headers),
    await service.get('/metrics', headers),
  ];
  assert.ok(!JSON.stringify([answers, service.log]).includes('very-secret'));
  await service.get('/restaurants/1');
  const [model = 0] = service.childPids();
  if (process.platform === 'linux') {
    const environment = await readFile(`/proc/${model}/environ`, 'utf8');
    assert.ok(environment.length > 0 && !environment.includes('very-secret'));
  }
});
