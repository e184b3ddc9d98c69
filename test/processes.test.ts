import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

describe('four processes on one database', { skip: noPostgres }, () => {
  test('1,000 concurrent first reads of one restaurant take one inference', async (t) => {
    const { services } = await startProcesses(t, 4);
    await importText(at(services, 0), 'application/x-ndjson', catalogue(1));
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => at(services, i).get('/restaurants/1')),
    );
    for (const { status, body } of answers) assert.deepEqual([status, body.embedding.status], [200, 'ready']);
    assert.equal(await inferences(services), 1);
  });

  test('one Idempotency-Key creates one restaurant, whichever processes the requests reach', async (t) => {
    const { services } = await startProcesses(t, 4);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        at(services, i).request('POST', '/restaurants', { name: 'Once' }, { 'Idempotency-Key': 'a-key' }),
      ),
    );
    const ids = new Set(answers.map(({ body }) => body.id as number));
    assert.deepEqual([ids.size, answers.filter(({ status }) => status === 201).length], [1, 40]);
    assert.equal((await at(services, 0).get('/restaurants')).body.total, 1);
  });

  test('a write in one process is in the next answer of every other', async (t) => {
    const { services } = await startProcesses(t, 4);
    for (let i = 0; i < 12; i += 1) {
      const { body } = await at(services, i).request('POST', '/restaurants', {
        name: `Casa ${i}`,
        cuisineType: `Cozinha ${i}`,
      });
      for (const { get } of services) {
        assert.equal((await get('/restaurants')).body.total, i + 1);
        assert.equal(
          (await get(`/restaurants/${body.id}`, { Prefer: 'respond-async' })).body.name,
          `Casa ${i}`,
        );
        assert.equal((await get('/embeddings')).body.total, i + 1);
      }
    }
  });

  test('what belongs to one process names it', async (t) => {
    const { services } = await startProcesses(t, 2);
    const names = await Promise.all(
      services.map(async ({ get, log }) => {
        const { body } = await get('/model');
        const metrics = (await get('/metrics')).body as string;
        assert.match(metrics, new RegExp(`tastematch_.*service_instance="${body.instance}"`));
        assert.equal(log.find(({ msg }) => msg === 'listening')?.['instance'], body.instance);
        return body.instance as string;
      }),
    );
    assert.notEqual(names[0], names[1]);
  });

  test('a backfill is run by one process, seen by all, and taken over when its process is killed', async (t) => {
    const { services } = await startProcesses(t, 3, { BACKFILL_CPU_PERCENT: '60' });
    const [first, second, third] = [at(services, 0), at(services, 1), at(services, 2)];
    await importText(first, 'application/x-ndjson', catalogue(400));
    const started = await first.request('POST', '/embeddings/backfill', {});
    assert.deepEqual([started.status, started.body.total], [202, 400]);
    const again = await second.request('POST', '/embeddings/backfill', {});
    assert.equal(again.body.startedAt, started.body.startedAt, 'the same run');
    await until(
      'the other processes know',
      async () => (await third.get('/embeddings/backfill')).body.done > 20,
    );
    first.process.kill('SIGKILL');
    await until('the other processes know', async () => (await third.get('/embeddings')).body.ready === 400);
    await until(
      'the other processes know',
      async () => (await second.get('/embeddings/backfill')).body.state === 'finished',
    );
  });

  test('a backfill is stopped from another process', async (t) => {
    const { services } = await startProcesses(t, 2, { BACKFILL_CPU_PERCENT: '5' });
    const [first, second] = [at(services, 0), at(services, 1)];
    await importText(first, 'application/x-ndjson', catalogue(200));
    await first.request('POST', '/embeddings/backfill', {});
    await until(
      'the other processes know',
      async () => (await second.get('/embeddings/backfill')).body.done > 2,
    );
    const stopped = await second.request('DELETE', '/embeddings/backfill');
    assert.equal(stopped.body.state, 'stopped');
    assert.equal((await first.get('/embeddings/backfill')).body.state, 'stopped');
  });

  test('an event of one process reaches the listeners of the others, also those that were away', async (t) => {
    const { services } = await startProcesses(t, 3);
    const [first, second, third] = [at(services, 0), at(services, 1), at(services, 2)];
    await importText(first, 'application/x-ndjson', catalogue(3));
    const listener = await listen(second);
    await first.get('/restaurants/1');
    await until('the event is there', async () => listener.events.some(({ type }) => type === 'embedded'));
    const { id } = listener.events.find(({ type }) => type === 'embedded') ?? assert.fail();
    const ended = listener.ended.catch(() => {});
    second.process.kill('SIGKILL');
    await ended;
    await first.get('/restaurants/2');
    await third.get('/restaurants/3');
    const back = await listen(third, { 'Last-Event-ID': id });
    back.ended.catch(() => {}); // The service is killed at the end.
    await until('the missed events are there', async () => {
      const ids = new Set(back.events.map(({ data }) => data['restaurantId']));
      return ids.has(2) && ids.has(3);
    });
    assert.ok(back.events.every((event) => Number(event.id) > Number(id)));
  });
});
