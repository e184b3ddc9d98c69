import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndjson, importText } from './support/import.ts';
import { noPostgres } from './support/postgres.ts';
import { listen } from './support/events.ts';
import { at, startProcesses } from './support/processes.ts';
import { until, type Service } from './support/service.ts';

async function inferences(services: readonly Service[]): Promise<number> {
  const models = await Promise.all(services.map(({ get }) => get('/model')));
  return models.reduce((sum, { body }) => sum + (body.inferences as number), 0);
}

const catalogue = (count: number) =>
  ndjson(Array.from({ length: count }, (_, i) => ({ name: `Casa ${i}`, description: `Prato número ${i}` })));

test('four processes on one database', { skip: noPostgres }, async (t) => {
  const { services } = await startProcesses(t, 4, { DATABASE_CONNECTIONS: '25' });

  await t.test('1,000 concurrent first reads of one restaurant take one inference', async () => {
    await importText(at(services, 0), 'application/x-ndjson', catalogue(1));
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => at(services, i).get('/restaurants/1')),
    );
    for (const { status, body } of answers)
      assert.deepEqual([status, body.embedding?.status], [200, 'ready']);
    assert.equal(await inferences(services), 1);
  });

  await t.test('one Idempotency-Key creates one restaurant in whichever process', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        at(services, i).request('POST', '/restaurants', { name: 'Once' }, { 'Idempotency-Key': 'a-key' }),
      ),
    );
    const ids = new Set(answers.map(({ body }) => body.id as number));
    assert.deepEqual([ids.size, answers.filter(({ status }) => status === 201).length], [1, 40]);
    assert.equal((await at(services, 0).get('/restaurants')).body.total, 2);
  });

  await t.test('a write in one process is in the next response of every other', async () => {
    const { total } = (await at(services, 0).get('/restaurants')).body;
    for (let i = 0; i < 12; i += 1) {
      const { body } = await at(services, i).request('POST', '/restaurants', {
        name: `Casa ${i}`,
        cuisineType: `Cozinha ${i}`,
      });
      for (const { get } of services) {
        assert.equal((await get('/restaurants')).body.total, total + i + 1);
        assert.equal(
          (await get(`/restaurants/${body.id}`, { Prefer: 'respond-async' })).body.name,
          `Casa ${i}`,
        );
        assert.equal((await get('/embeddings')).body.total, total + i + 1);
      }
    }
  });

  await t.test('what belongs to one process names it', async () => {
    const names = await Promise.all(
      services.map(async ({ get, log }) => {
        const { body } = await get('/model');
        const metrics = (await get('/metrics')).body as string;
        assert.match(metrics, new RegExp(`tastematch_.*service_instance="${body.instance}"`));
        assert.equal(log.find(({ msg }) => msg === 'listening')?.['instance'], body.instance);
        return body.instance as string;
      }),
    );
    assert.equal(new Set(names).size, services.length);
  });

  await t.test(
    'an event of one process reaches the listeners of the others, also after they reconnect',
    async () => {
      const [first, second, third] = [at(services, 0), at(services, 1), at(services, 2)];
      const ids: number[] = [];
      for (const name of ['Um', 'Dois', 'Três'])
        ids.push((await first.request('POST', '/restaurants', { name })).body.id as number);
      const listener = await listen(second);
      await first.get(`/restaurants/${ids[0]}`);
      await until('the event is there', async () => listener.events.some(({ type }) => type === 'embedded'));
      const { id } = listener.events.find(({ type }) => type === 'embedded') ?? assert.fail();
      const ended = listener.ended.catch(() => {});
      second.process.kill('SIGKILL');
      await ended;
      await first.get(`/restaurants/${ids[1]}`);
      await third.get(`/restaurants/${ids[2]}`);
      const back = await listen(third, { 'Last-Event-ID': id });
      back.ended.catch(() => {}); // The service is killed at the end.
      await until('the missed events are there', async () => {
        const seen = new Set(back.events.map(({ data }) => data['restaurantId']));
        return seen.has(ids[1]) && seen.has(ids[2]);
      });
      assert.ok(back.events.every((event) => Number(event.id) > Number(id)));
    },
  );
});

test(
  'a backfill is run by one process, seen and stopped by all, and taken over when its process is killed',
  {
    skip: noPostgres,
  },
  async (t) => {
    const { services } = await startProcesses(t, 3, { BACKFILL_CPU_PERCENT: '30' });
    const [first, second, third] = [at(services, 0), at(services, 1), at(services, 2)];
    await importText(first, 'application/x-ndjson', catalogue(200));
    const started = await first.request('POST', '/embeddings/backfill', {});
    assert.deepEqual([started.status, started.body.total], [202, 200]);
    const again = await second.request('POST', '/embeddings/backfill', {});
    assert.equal(again.body.startedAt, started.body.startedAt, 'the same run');
    await until('another process knows', async () => (await third.get('/embeddings/backfill')).body.done > 2);
    const stopped = await second.request('DELETE', '/embeddings/backfill');
    assert.equal(stopped.body.state, 'stopped');
    assert.equal((await first.get('/embeddings/backfill')).body.state, 'stopped');

    const { total } = (await first.request('POST', '/embeddings/backfill', {})).body;
    assert.ok(total > 0, 'some are left');
    first.process.kill('SIGKILL');
    await until('another process has completed it', async () => {
      const { state } = (await second.get('/embeddings/backfill')).body;
      return state === 'finished' && (await third.get('/embeddings')).body.ready === 200;
    });
  },
);
