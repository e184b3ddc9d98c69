/** The map's places, and the stream that tells of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitPrincipalAxes, startingAxes } from '../src/search/principal-axes.ts';
import { startService, until, type Service } from './support/service.ts';

interface Point {
  readonly id: number;
  readonly position?: readonly [number, number];
}

const lit = async (service: Service): Promise<Point[]> =>
  (await service.get('/map')).body.points.filter((point: Point) => point.position);
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

test('axes that are fitted anew stay on the side where they were', () => {
  const sample = Array.from({ length: 20 }, (_, row) =>
    Float32Array.from({ length: 8 }, (__, column) => Math.sin(row * (column + 1)) / (column + 1)),
  );
  const axes = fitPrincipalAxes(sample, startingAxes(8));
  const [x, y] = axes.directions;
  const mirrored = { ...axes, directions: [x.map((value) => -value), y] as const };
  const again = fitPrincipalAxes(sample, mirrored);
  for (const vector of sample) {
    const [[x1, y1], [x2, y2]] = [axes.project(vector), again.project(vector)];
    assert.ok(Math.abs(x1 + x2) < 1e-6 && Math.abs(y1 - y2) < 1e-6);
  }
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
