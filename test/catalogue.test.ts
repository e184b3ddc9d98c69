/** The catalogue as a client uses it: create, read, list, change, delete. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, type Service } from './support/service.ts';

async function fill(service: Service): Promise<void> {
  const rows = [
    {
      name: 'Ágata',
      cuisineType: 'Árabe',
      rating: 4.5,
      priceLevel: 2,
      location: 'Sé, São Paulo',
      latitude: -23.55,
      longitude: -46.63,
    },
    {
      name: 'bela',
      cuisineType: 'Italiana',
      rating: 3,
      priceLevel: 1,
      location: 'Savassi, Belo Horizonte',
      latitude: -19.93,
      longitude: -43.93,
    },
    {
      name: 'Cais',
      cuisineType: 'arabe',
      rating: null,
      priceLevel: 4,
      location: 'Recife Antigo, Recife',
      description: 'Feijoada à mineira',
    },
    {
      name: 'Doce',
      cuisineType: null,
      rating: 4.5,
      priceLevel: 3,
      location: 'Pinheiros, SAO PAULO',
      latitude: -23.56,
      longitude: -46.7,
    },
    { name: 'Ela', cuisineType: 'Italiana', rating: null, priceLevel: 2, location: null },
  ];
  for (const row of rows) assert.equal((await service.request('POST', '/restaurants', row)).status, 201);
}

const names = (answer: { body: { items: { name: string }[] } }) => answer.body.items.map(({ name }) => name);

test('filters select without regard to case and accents, and total counts what matches', async (t) => {
  const service = await startService(t);
  await fill(service);
  for (const [query, expected] of [
    ['cuisineType=ARABE', ['Ágata', 'Cais']],
    ['cuisineType=árabe&cuisineType=italiana', ['Ágata', 'bela', 'Cais', 'Ela']],
    ['minRating=4', ['Ágata', 'Doce']],
    ['priceLevel=1&priceLevel=4', ['bela', 'Cais']],
    ['location=sao%20paulo', ['Ágata', 'Doce']],
    ['location=100%25', []],
    ['near=-23.55,-46.63&radiusKm=5', ['Ágata']],
    ['near=-23.55,-46.63&radiusKm=10', ['Ágata', 'Doce']],
    ['near=-23.550000000000004,%20-46.63000000000001&radiusKm=5.000000000000001', ['Ágata']],
    ['near=90,180&radiusKm=1e-7', []],
    ['near=-90.0,-180.0&radiusKm=5', []],
    ['embedded=false', ['Ágata', 'bela', 'Cais', 'Doce', 'Ela']],
    ['embedded=true', []],
    ['q=FEIJOADA%20A%20MIN', ['Cais']],
    ['q=%22%20OR%20NEAR(', []],
    ['q=', ['Ágata', 'bela', 'Cais', 'Doce', 'Ela']],
  ] as const) {
    const answer = await service.get(`/restaurants?${query}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(names(answer), expected, query);
    assert.equal(answer.body.total, expected.length, query);
  }
});

test('every sort gives each row exactly once over all pages, rows without a key last', async (t) => {
  const service = await startService(t);
  await fill(service);
  for (const [sort, expected] of [
    ['id', ['Ágata', 'bela', 'Cais', 'Doce', 'Ela']],
    ['-id', ['Ela', 'Doce', 'Cais', 'bela', 'Ágata']],
    ['name', ['Ágata', 'bela', 'Cais', 'Doce', 'Ela']],
    ['-name', ['Ela', 'Doce', 'Cais', 'bela', 'Ágata']],
    ['rating', ['bela', 'Ágata', 'Doce', 'Cais', 'Ela']],
    ['-rating', ['Doce', 'Ágata', 'bela', 'Ela', 'Cais']],
    ['createdAt', ['Ágata', 'bela', 'Cais', 'Doce', 'Ela']],
    ['-createdAt', ['Ela', 'Doce', 'Cais', 'bela', 'Ágata']],
    ['distance&near=-23.56,-46.7', ['Doce', 'Ágata', 'bela', 'Cais', 'Ela']],
  ] as const) {
    const seen: string[] = [];
    let path: string | undefined = `/restaurants?limit=2&sort=${sort}`;
    while (path) {
      const page = await service.get(path);
      assert.equal(page.body.total, 5);
      seen.push(...names(page));
      path = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
      assert.equal(path === undefined, page.body.nextCursor === null);
    }
    assert.deepEqual(seen, expected, sort);
  }
});

test('a cursor of another sort, place, filter or word is refused, and one of another limit is not', async (t) => {
  const service = await startService(t);
  await fill(service);
  const made = 'sort=distance&near=-23.56,-46.7&location=sao%20paulo&q=';
  const { body } = await service.get(`/restaurants?limit=1&${made}`);
  const follow = (query: string) => service.get(`/restaurants?${query}&cursor=${body.nextCursor}`);
  assert.equal((await follow(`limit=2&${made}`)).status, 200);
  for (const [query, reason] of [
    [
      made.replace('sort=distance', 'sort=name').replace('&near=-23.56,-46.7', ''),
      /sort=distance; start again without a cursor/,
    ],
    [made.replace('-46.7', '-46.8'), /start again without a cursor/],
    [made.replace('location=sao%20paulo', 'location=recife'), /start again without a cursor/],
    [`${made}a`, /start again without a cursor/],
    [`${made}&minRating=1`, /start again without a cursor/],
  ] as const) {
    const answer = await follow(query);
    assert.equal(answer.status, 400, query);
    assert.equal(answer.body.errors[0].parameter, 'cursor');
    assert.match(answer.body.errors[0].detail, reason);
  }
});

test('a merge patch changes what it names; null empties a field; a patch that changes nothing keeps the version', async (t) => {
  const service = await startService(t);
  await fill(service);
  const patched = await service.request('PATCH', '/restaurants/1', { rating: null, priceLevel: 4 });
  assert.equal(patched.status, 200);
  assert.deepEqual(
    [patched.body.rating, patched.body.priceLevel, patched.body.name, patched.body.version],
    [null, 4, 'Ágata', 2],
  );
  const same = await service.request('PATCH', '/restaurants/1', { priceLevel: 4 });
  assert.equal(same.body.version, 2);
  assert.equal(same.body.updatedAt, patched.body.updatedAt);
  const half = await service.request('PATCH', '/restaurants/1', { latitude: null });
  assert.equal(half.status, 400);
  assert.equal(half.body.errors[0].pointer, '/latitude');
  assert.equal((await service.request('PATCH', '/restaurants/99', { rating: 1 })).status, 404);
});

test('PUT replaces every field, and creates a restaurant under an id that is free', async (t) => {
  const service = await startService(t);
  await fill(service);
  const replaced = await service.request('PUT', '/restaurants/1', { name: 'Nova' });
  assert.equal(replaced.status, 200);
  assert.deepEqual([replaced.body.name, replaced.body.rating], ['Nova', null]);
  const created = await service.request('PUT', '/restaurants/77', { name: 'Setenta e sete' });
  assert.equal(created.status, 201);
  assert.equal(created.headers.get('location'), '/restaurants/77');
  assert.equal((await service.request('POST', '/restaurants', { name: 'Depois' })).body.id, 78);
});

test('the largest id that a client may choose leaves the ids after it exact, each row with its own', async (t) => {
  const service = await startService(t);
  const largest = 2 ** 52 - 1;
  const refused = await service.request('PUT', `/restaurants/${largest + 1}`, { name: 'Zu groß' });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.errors[0].parameter, 'id');
  assert.match(refused.body.errors[0].detail, /4503599627370495/);
  const put = await service.request('PUT', `/restaurants/${largest}`, { name: 'Last' });
  assert.deepEqual([put.status, put.body.id], [201, largest]);
  for (const [name, id] of [
    ['Next', largest + 1],
    ['One more', largest + 2],
  ] as const) {
    const created = await service.request('POST', '/restaurants', { name });
    assert.deepEqual([created.status, created.body.id, created.body.name], [201, id, name]);
    const read = await service.get(created.headers.get('location') ?? '', { Prefer: 'respond-async' });
    assert.deepEqual([read.status, read.body.name], [200, name]);
  }
});

test('a deleted restaurant is gone with its vector, and its id is never given again', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  await fill(service);
  await service.get('/restaurants/5');
  assert.equal((await service.get('/embeddings')).body.ready, 1);
  assert.equal((await service.request('DELETE', '/restaurants/5')).status, 204);
  assert.equal((await service.get('/restaurants/5')).status, 404);
  assert.equal((await service.get('/embeddings')).body.ready, 0);
  assert.equal((await service.request('POST', '/restaurants', { name: 'Nova' })).body.id, 6);
});

test('an externalId is given once', async (t) => {
  const service = await startService(t);
  assert.equal((await service.request('POST', '/restaurants', { name: 'A', externalId: 'x-1' })).status, 201);
  const taken = await service.request('POST', '/restaurants', { name: 'B', externalId: 'x-1' });
  assert.equal(taken.status, 409);
  assert.equal(taken.body.code, 'external-id-taken');
  assert.equal((await service.get('/restaurants')).body.total, 1);
});
