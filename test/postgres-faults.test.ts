import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import pg from 'pg';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openPostgresStores } from '../src/storage/postgres/open.ts';
import { contractModel, unitVector } from './contract/engine.ts';
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

  test('vectors of a model that another process uses are kept when the server has crashed', async (t) => {
    const server = await startServer(t);
    const [old, renewed] = await Promise.all(
      [1, 2].map(async () => {
        const stores = await openPostgresStores({ databaseUrl: server.url });
        afterwards(t, () => stores.close());
        return stores;
      }),
    );
    if (!old || !renewed) assert.fail();
    const { id } = await old.restaurants.create(restaurantFieldsSchema.parse({ name: 'Casa' }), {
      modelVersion: undefined,
    });
    const { textHash = '' } = (await old.embeddings.findSource(id, undefined)) ?? {};
    const versions = [
      await old.modelVersions.register(contractModel),
      await renewed.modelVersions.register({ ...contractModel, model: 'renewed' }),
    ];
    for (const modelVersion of versions) {
      await old.embeddings.save({ restaurantId: id, textHash, vector: unitVector(id), modelVersion });
    }
    await server.kill();
    await server.start();
    const [oldVersion, newVersion] = versions;
    if (!oldVersion || !newVersion) assert.fail();
    await until('the server answers', () =>
      renewed.checkReadable().then(
        () => true,
        () => false,
      ),
    );
    await renewed.modelVersions.dropUnused(newVersion);
    assert.deepEqual(await old.embeddings.findVector(id, oldVersion), unitVector(id));
    await old.close();
    await renewed.modelVersions.dropUnused(newVersion);
    assert.equal(await renewed.embeddings.findVector(id, oldVersion), undefined, 'nobody uses it any more');
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
