import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import pg from 'pg';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';
import { startPostgres, type PostgresServer } from './support/postgres-server.ts';
import { afterwards, startService, until, type Service } from './support/service.ts';
import { startProxy } from './support/tcp-proxy.ts';

/** Too long to be what ends a request in these tests. */
const NO_TIMEOUT = { DATABASE_TIMEOUT_MS: '60000' };

async function startServer(t: TestContext): Promise<PostgresServer> {
  const server = await startPostgres();
  afterwards(t, () => server.remove());
  return server;
}

async function isRecovered({ get }: Service): Promise<boolean> {
  return (await get('/restaurants/1', { Prefer: 'respond-async' })).status === 200;
}

async function assertUnavailable({ get, request }: Service): Promise<void> {
  const answers = await Promise.all([
    get('/restaurants/1'),
    get('/restaurants'),
    get('/search?q=casa&mode=keyword'),
    get('/embeddings'),
    get('/readyz'),
    request('POST', '/restaurants', { name: 'B' }),
  ]);
  for (const { status, headers } of answers) {
    assert.equal(status, 503);
    assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  }
  assert.equal((await get('/healthz')).status, 200);
}

describe('faults of PostgreSQL', { skip: noPostgres }, () => {
  test('a server that is killed makes reads and writes 503, and what was acknowledged is there when it is back', async (t) => {
    const server = await startServer(t);
    const service = await startService(t, { DATABASE_URL: server.url, ...NO_TIMEOUT });
    for (let round = 1; round <= 3; round += 1) {
      const { status, body } = await service.request('POST', '/restaurants', { name: `Casa ${round}` });
      assert.equal(status, 201);
      await server.kill();
      await assertUnavailable(service);
      await server.start();
      await until('the service has recovered', () => isRecovered(service));
      assert.equal((await service.get(`/restaurants/${body.id}`)).body.name, `Casa ${round}`);
    }
    assert.equal((await service.get('/restaurants')).body.total, 3);
  });

  test('a network that drops every packet makes reads and writes 503', async (t) => {
    const { url, drop } = await createPostgresDatabase();
    afterwards(t, drop);
    const target = new URL(url);
    const proxy = await startProxy(t, Number(target.port));
    target.port = String(proxy.port);
    const service = await startService(t, { DATABASE_URL: target.href, ...NO_TIMEOUT });
    await service.request('POST', '/restaurants', { name: 'Casa' });
    proxy.cut();
    await assertUnavailable(service);
    proxy.restore();
    await until('the service has recovered', () => isRecovered(service));
  });

  test('a statement that takes too long is cancelled, and so is the wait for its connection', async (t) => {
    const { url, drop } = await createPostgresDatabase();
    afterwards(t, drop);
    const service = await startService(t, {
      DATABASE_URL: url,
      DATABASE_CONNECTIONS: '1',
      DATABASE_TIMEOUT_MS: '300',
    });
    await service.request('POST', '/restaurants', { name: 'Casa' });
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    afterwards(t, () => blocker.end());
    await blocker.query('BEGIN; LOCK TABLE restaurants IN ACCESS EXCLUSIVE MODE');
    const answers = await Promise.all(Array.from({ length: 30 }, () => service.get('/restaurants/1')));
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 503),
    );
    await blocker.query('ROLLBACK');
    await until('the service has recovered', () => isRecovered(service));
  });
});
