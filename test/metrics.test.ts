/** What an operator sees: metrics, request lines, and one service on a database. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { startService, until } from './support/service.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('metrics count requests, cold and warm reads, inferences, reuses and coverage', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  for (const name of ['Cantina Lilla', 'Cantina Lilla', 'Bar do Zé'])
    await service.request('POST', '/restaurants', { name });
  for (const id of [1, 1, 2]) await service.get(`/restaurants/${id}`);
  const text: string = (await service.get('/metrics')).body;
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  assert.equal(value('tastematch_inferences_total'), 1);
  assert.equal(value('tastematch_text_reuses_total'), 1);
  assert.equal(value('tastematch_restaurant_read_seconds_count{kind="cold"}'), 2);
  assert.equal(value('tastematch_restaurant_read_seconds_count{kind="warm"}'), 1);
  assert.equal(value('tastematch_restaurants{status="ready"}'), 2);
  assert.equal(value('tastematch_restaurants{status="missing"}'), 1);
  assert.equal(
    value('tastematch_http_requests_total{method="GET",route="/restaurants/:id",status="200"}'),
    3,
  );
  assert.ok(value('tastematch_process_memory_bytes{process="model",kind="resident"}') > 20_000_000);
  assert.ok(value('tastematch_process_memory_bytes{process="model",kind="anonymous"}') > 10_000_000);
  assert.ok(value('tastematch_process_memory_bytes{process="service",kind="anonymous"}') > 10_000_000);
  assert.ok(value('tastematch_memory_limit_bytes') > value('tastematch_memory_used_bytes'));
  assert.ok(value('tastematch_wal_bytes') > 0);
  assert.ok(text.includes('nodejs_eventloop_lag_seconds'));
});

test('metrics count unloads with the bytes that came back, and rejections by reason', async (t) => {
  const service = await startService(t);
  await service.request('POST', '/model/load');
  const { returnedNow } = (await service.request('POST', '/model/unload')).body;
  const unloaded: string = (await service.get('/metrics')).body;
  assert.match(unloaded, /^tastematch_model_loads_total 1$/m);
  assert.match(unloaded, /^tastematch_model_unloads_total 1$/m);
  assert.match(unloaded, new RegExp(`^tastematch_memory_returned_bytes_total ${returnedNow}$`, 'm'));
  const broken = await startService(t, { MODEL_DIR: 'models/none' });
  await broken.request('POST', '/restaurants', { name: 'Sem modelo' });
  await broken.get('/restaurants/1');
  assert.match(
    (await broken.get('/metrics')).body,
    /^tastematch_embedding_refusals_total\{status="failed",reason="model-missing"\} 1$/m,
  );
});

test('reads of restaurants that have a vector write nothing; their views are stored in a group', async (t) => {
  const service = await startService(t);
  await service.request('POST', '/restaurants', { name: 'Vista' });
  await service.get('/restaurants/1');
  const database = new SqliteDatabase(join(service.folder, 'test.db'), { readonly: true });
  const version = () => database.pragma('data_version', { simple: true }) as number;
  const before = version();
  for (let i = 0; i < 20; i += 1) await service.get('/restaurants/1');
  // The group of the first read may have become due meanwhile.
  assert.ok(version() - before <= 1);
  database.close();
  await service.stop();
  const after = new SqliteDatabase(join(service.folder, 'test.db'), { readonly: true });
  assert.equal(after.prepare('SELECT view_count FROM restaurants').pluck().get(), 21);
  after.close();
});

test('metrics need the key on the public port, and none on a port and an address of their own', async (t) => {
  const open = await startService(t, { API_KEY: 'secret' });
  assert.equal((await open.get('/metrics')).status, 401);
  assert.equal((await open.get('/metrics', { Authorization: 'Bearer secret' })).status, 200);
  const port = await freePort();
  const apart = await startService(t, {
    API_KEY: 'secret',
    METRICS_PORT: String(port),
    METRICS_HOST: '127.0.0.2',
  });
  assert.equal((await apart.get('/metrics')).status, 404);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`), 'only METRICS_HOST has it');
  const answer = await fetch(`http://127.0.0.2:${port}/metrics`);
  assert.match(await answer.text(), /tastematch_memory_limit_bytes/);
});

test('a refused request is logged with the id that the client got, without query or key', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const refused = await service.request(
    'POST',
    '/restaurants?token=in-the-query',
    {},
    { Authorization: 'Bearer wrong-one' },
  );
  const line = await until('it is logged', () =>
    service.log.find(({ requestId }) => requestId === refused.body.requestId),
  );
  assert.deepEqual([line['method'], line['path'], line['status']], ['POST', '/restaurants', 401]);
  assert.ok(!/in-the-query|wrong-one|secret/.test(JSON.stringify(service.log)));
});

test('a second service on the same database fails at its start', async (t) => {
  const first = await startService(t);
  await assert.rejects(startService(t, {}, { folder: first.folder }), /in use by another tastematch process/);
  assert.equal((await first.get('/readyz')).status, 200);
});
