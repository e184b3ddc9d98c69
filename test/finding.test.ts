/** Finding restaurants over HTTP: by ids, custom fields, distance, facets, suggestions; and what has changed. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startService } from './support/service.ts';

async function startWithFour(t: TestContext) {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const rows = [
    {
      externalId: 'a',
      name: 'Casa A',
      cuisineType: 'Mineira',
      priceLevel: 1,
      latitude: -19.9,
      longitude: -43.9,
    },
    { externalId: 'b', name: 'Casa B', cuisineType: 'mineira', attributes: { delivery: true, seats: 40 } },
    { externalId: 'c,1', name: 'Bar C', cuisineType: 'Bar', latitude: -20, longitude: -44 },
    { name: 'Zé', location: 'Caeté', attributes: { delivery: 'no' } },
  ];
  for (const row of rows) {
    assert.equal((await service.request('POST', '/restaurants', row)).status, 201);
  }
  return service;
}
const idsOf = ({ body }: { body: { items: { id: number }[] } }) => body.items.map(({ id }) => id);

test('ids and externalId keep their order, name each row once, and leave out what does not exist', async (t) => {
  const { get } = await startWithFour(t);
  const byId = await get('/restaurants?ids=3,1,99,3');
  assert.deepEqual([idsOf(byId), byId.body.total, byId.body.nextCursor], [[3, 1], 2, null]);
  assert.deepEqual(idsOf(await get('/restaurants?externalId=c%2C1&externalId=a&externalId=zz')), [3, 1]);
  for (const query of ['ids=1&cuisineType=Bar', 'ids=1&externalId=a', 'ids=', 'ids=1,x', 'ids=1&q=a']) {
    const { status, body } = await get(`/restaurants?${query}`);
    assert.deepEqual([status, body.code], [400, 'invalid-request'], query);
  }
});

test('fields answers with these fields and the id, under a media type of its own', async (t) => {
  const { get } = await startWithFour(t);
  const { body, headers } = await get('/restaurants?fields=name,rating&limit=1');
  assert.match(headers.get('content-type') ?? '', /^application\/vnd\.tastematch\.selection\+json/);
  assert.deepEqual(body.items, [{ id: 1, name: 'Casa A', rating: null }]);
  assert.equal((await get('/restaurants?fields=stars')).status, 400);
});

test('near needs a radius or the sort by distance, and answers have the distance', async (t) => {
  const { get } = await startWithFour(t);
  const lonely = await get('/restaurants?near=-19.9,-43.9');
  assert.deepEqual([lonely.status, lonely.body.errors[0].parameter], [400, 'near']);
  const sorted = await get('/restaurants?near=-19.9,-43.9&sort=distance');
  assert.deepEqual(
    sorted.body.items.map(({ distanceKm }: { distanceKm: number | null }) => distanceKm),
    [0, 15.261, null, null],
  );
  const ranked = await get('/search?q=bar&mode=keyword&near=-19.9,-43.9&radiusKm=100');
  assert.equal(ranked.body.items[0].restaurant.distanceKm, 15.261);
  assert.equal('distanceKm' in (await get('/restaurants?limit=1')).body.items[0], false);
});

test('attributes are stored, merged by PATCH, filtered by text, and refused when too large or too deep', async (t) => {
  const service = await startWithFour(t);
  const { get, request } = service;
  assert.deepEqual(idsOf(await get('/restaurants?attributes[delivery]=true')), [2]);
  assert.deepEqual(idsOf(await get('/restaurants?attributes%5Bdelivery%5D=true&attributes[seats]=40')), [2]);
  const patched = await request('PATCH', '/restaurants/2', { attributes: { seats: null, tags: ['x'] } });
  assert.deepEqual(patched.body.attributes, { delivery: true, tags: ['x'] });
  assert.equal((await request('PATCH', '/restaurants/2', { attributes: { tags: ['x'] } })).body.version, 2);
  const { body } = await request('POST', '/recommendations', { filters: { attributes: { delivery: true } } });
  assert.equal(body.coverage.eligible, 1);
  const deep = JSON.parse(`${'{"a":'.repeat(11)}1${'}'.repeat(11)}`) as object;
  for (const attributes of [deep, { text: 'x'.repeat(17_000) }, [], 'text', { '': 1 }]) {
    const refused = await request('POST', '/restaurants', { name: 'A', attributes });
    assert.equal(refused.status, 400);
    assert.match(refused.body.errors[0].pointer, /^\/attributes/);
  }
  for (const query of [
    'attributes[]=1',
    'attributes[a]=1&attributes[a]=2',
    'attributes=1',
    'attributesx[a]=1',
  ]) {
    assert.equal((await get(`/restaurants?${query}`)).status, 400, query);
  }
});

test('facets count what matches the filters, on lists and on search', async (t) => {
  const { get } = await startWithFour(t);
  const { facets } = (await get('/restaurants?facets=cuisineType,priceLevel&limit=1')).body;
  assert.deepEqual(
    facets.cuisineType.map(({ count }: { count: number }) => count),
    [2, 1],
  );
  assert.deepEqual(facets.priceLevel, [{ value: 1, count: 1 }]);
  const searched = await get('/search?q=casa&mode=keyword&priceLevel=1&facets=location,cuisineType');
  assert.deepEqual(searched.body.facets, { location: [], cuisineType: [{ value: 'Mineira', count: 1 }] });
  assert.equal((await get('/restaurants?facets=name')).status, 400);
});

test('suggestions complete what is typed, without accents', async (t) => {
  const { get } = await startWithFour(t);
  assert.deepEqual((await get('/suggest?q=CA')).body.items, [
    { kind: 'name', text: 'Casa A' },
    { kind: 'name', text: 'Casa B' },
    { kind: 'location', text: 'Caeté' },
  ]);
  assert.equal((await get('/suggest')).status, 400);
});

test('updatedSince and the log of changes tell whoever keeps a copy what is new', async (t) => {
  const { get, request } = await startWithFour(t);
  const first = await get('/changes?limit=3');
  assert.deepEqual(
    first.body.items.map(({ restaurantId }: { restaurantId: number }) => restaurantId),
    [1, 2, 3],
  );
  const rest = await get(`/changes?since=${first.body.nextCursor}`);
  const { updatedAt } = (await request('PATCH', '/restaurants/1', { rating: 5 })).body;
  await request('DELETE', '/restaurants/2');
  const news = await get(`/changes?since=${rest.body.nextCursor}`);
  assert.deepEqual(
    news.body.items.map(({ restaurantId, kind }: Record<string, unknown>) => [restaurantId, kind]),
    [
      [1, 'updated'],
      [2, 'deleted'],
    ],
  );
  assert.equal((await get(`/changes?since=${news.body.nextCursor}`)).body.nextCursor, news.body.nextCursor);
  assert.deepEqual(idsOf(await get(`/restaurants?updatedSince=${updatedAt}`)), [1]);
  assert.equal((await get('/restaurants?updatedSince=yesterday')).status, 400);
});
