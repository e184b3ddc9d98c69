/** The map's places, and the stream that tells of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitPrincipalAxes } from '../src/search/principal-axes.ts';
import { startService, until, type Service } from './support/service.ts';

interface Point {
  readonly id: number;
  readonly position?: readonly [number, number];
}

const lit = async (service: Service): Promise<Point[]> =>
  (await service.get('/map')).body.points.filter((point: Point) => point.position);
const drawn = async (service: Service) => JSON.stringify((await lit(service)).sort((a, b) => a.id - b.id));
const places = (points: readonly Point[]) => new Set(points.map(({ position }) => String(position))).size;

/** The data of every `embedded` event from now on. */
async function listen(service: Service) {
  const response = await fetch(`${service.url}/events`);
  const told: { restaurantId: number; fit?: number; position?: readonly number[] }[] = [];
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      for (const [, data] of Buffer.from(chunk)
        .toString()
        .matchAll(/event: embedded\ndata: (.*)/g))
        told.push(JSON.parse(data ?? ''));
    }
  };
  read().catch(() => undefined);
  return told;
}

test('a map that is open from the first vector on never collapses, and its axes follow the growth', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' }, { arguments: ['--sample-data'] });
  const empty = (await service.get('/map')).body;
  assert.deepEqual([empty.total, empty.points.length], [137, 137]);
  const told = await listen(service);
  for (let id = 1; id <= 40; id += 1) await service.get(`/restaurants/${id}`);
  await until('all are told', () => told.length >= 40);
  assert.ok(
    told.every(({ position }) => position?.length === 2),
    'every one has a place',
  );
  assert.equal(new Set(told.slice(0, 7).map(({ position }) => String(position))).size, 7);
  assert.ok((told.at(-1)?.fit ?? 0) >= empty.fit + 2, 'fitted anew on the way');
  const points = await lit(service);
  assert.equal(points.length, 40);
  assert.ok(places(points) >= 30, `${places(points)} places`);
});

test('equal vectors give equal axes, whatever was drawn before, and outliers form no wall', () => {
  const sample = Array.from({ length: 40 }, (_, row) =>
    Float32Array.from({ length: 8 }, (__, column) => Math.sin(row * (column + 1)) / (column + 1)),
  );
  const axes = fitPrincipalAxes(sample);
  const again = fitPrincipalAxes(sample);
  const mirrored = fitPrincipalAxes(sample.map((vector) => vector.map((value) => -value)));
  for (const vector of sample) {
    assert.deepEqual(again.project(vector), axes.project(vector));
    const turned = mirrored.project(vector.map((value) => -value));
    for (const [axis, value] of axes.project(vector).entries())
      assert.ok(Math.abs(value - (turned[axis] ?? NaN)) < 1e-6, 'turned with its vectors');
  }
  const along = (length: number) =>
    axes.project(Float32Array.from(axes.directions[0], (value) => value * length));
  const [near, far, farthest] = [along(3)[0], along(4)[0], along(5)[0]];
  assert.ok(near < far && far < farthest && farthest < 1, `${near} ${far} ${farthest}`);
});

test('two equal catalogues have equal maps once both have come to rest, however they grew', async (t) => {
  const grow = async (ids: readonly number[], looks: readonly number[]) => {
    const service = await startService(t, {}, { arguments: ['--sample-data'] });
    for (const [index, id] of ids.entries()) {
      await service.get(`/restaurants/${id}`);
      if (looks.includes(index)) await service.get('/map');
    }
    return service;
  };
  const ids = Array.from({ length: 30 }, (_, index) => index + 1);
  const [one, other] = [await grow(ids, []), await grow(ids.toReversed(), [9, 17, 25])];
  await until('both show the same', async () => (await drawn(one)) === (await drawn(other)));
});

test('asking whether there are events does not take a listener’s place', async (t) => {
  const service = await startService(t);
  for (let time = 0; time < 101; time += 1) {
    const { status, headers } = await service.request('HEAD', '/events');
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream']);
  }
  const abort = new AbortController();
  assert.equal((await fetch(`${service.url}/events`, { signal: abort.signal })).status, 200);
  abort.abort();
});
