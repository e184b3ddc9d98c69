import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { noPostgres } from './support/postgres.ts';
import { startPostgres } from './support/postgres-server.ts';
import { afterwards, startService, until } from './support/service.ts';

test(
  'a replica that is behind ranks; what was written is read from the primary; without the replica the primary ranks',
  { skip: noPostgres },
  async (t) => {
    const primary = await startPostgres();
    afterwards(t, () => primary.remove());
    const replica = await startPostgres({ primaryUrl: primary.url });
    afterwards(t, () => replica.remove());
    const service = await startService(t, { DATABASE_URL: primary.url, DATABASE_READ_URL: replica.url });
    const search = async () =>
      (await service.get('/search?q=feijoada&mode=keyword')).body.items.length as number;
    await service.request('POST', '/restaurants', { name: 'Casa', description: 'Feijoada' });
    await until('the replica has the first row', async () => (await search()) === 1);

    const onReplica = new pg.Client({ connectionString: replica.url });
    await onReplica.connect();
    onReplica.on('error', () => {});
    await onReplica.query('SELECT pg_wal_replay_pause()');
    await until('the replica is paused', async () => {
      const { rows } = await onReplica.query(`SELECT pg_get_wal_replay_pause_state() AS state`);
      return (rows as { state: string }[])[0]?.state === 'paused';
    });
    const created = await service.request('POST', '/restaurants', { name: 'Bar', description: 'Feijoada' });
    const read = await service.get(`/restaurants/${created.body.id}`);
    assert.deepEqual([read.status, read.body.name], [200, 'Bar']);
    assert.equal(await search(), 1, 'ranked by the replica, which is behind');

    await onReplica.query('SELECT pg_wal_replay_resume()');
    await until('the replica has caught up', async () => (await search()) === 2);
    await onReplica.end();
    await replica.kill();
    await service.request('POST', '/restaurants', { name: 'Boteco', description: 'Feijoada' });
    assert.equal(await search(), 3, 'ranked by the primary');
  },
);
