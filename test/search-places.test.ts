/** Places in queries, through the API. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { repository, startService } from './support/service.ts';
import { startSampleService, type SampleService } from './support/sample-service.ts';

let service: SampleService;
before(async () => {
  service = await startSampleService(repository);
});
after(() => service.stop());

const search = (query: string, mode = 'hybrid') =>
  service.get(`/search?limit=10&mode=${mode}&q=${encodeURIComponent(query)}`);
type Body = Awaited<ReturnType<typeof search>>;
const locationsOf = ({ items }: Body) => items.map(({ restaurant }) => `${restaurant.location}`);

test('"em Lisboa" and "in Lisbon" find restaurants of Lisboa and of Lisbon alike, before all others', async () => {
  for (const [query, place] of [
    ['restaurante em Lisboa', 'Lisboa'],
    ['cozy restaurant in Lisbon', 'Lisbon'],
    ['Lisboa, Príncipe Real', 'Príncipe Real, Lisboa'],
  ] as const) {
    const body = await search(query);
    assert.equal(body.place, place);
    const first = locationsOf(body).slice(0, 5);
    assert.ok(
      first.every((location) => /Lisboa|Lisbon/.test(location)),
      String(first),
    );
    assert.ok(first.some((location) => location.includes('Lisbon')) && first.join().includes('Lisboa'));
  }
});

test('"in Rio" is the city with most restaurants whose name begins so, and no district of another', async () => {
  const body = await search('tasting menu in Rio');
  assert.equal(body.place, 'Rio de Janeiro');
  assert.match(locationsOf(body)[0] ?? '', /Rio de Janeiro/);
});

test('every restaurant in the named place is found, however little it has of the wish, before any elsewhere', async () => {
  for (const mode of ['hybrid', 'semantic']) {
    for (const [query, place] of [
      ['terraço com vista em Lisboa', /Lisboa|Lisbon/],
      ['late night karaoke in Dublin', /Dublin/],
      ['brunch in Fortaleza', /Fortaleza/],
    ] as const) {
      const all = await service.get(`/restaurants?limit=100&location=${place.source.split('|')[0]}`);
      const found = locationsOf(await search(query, mode));
      const inPlace = found.filter((location) => place.test(location));
      assert.ok(inPlace.length >= all.items.length, `${query}: ${found.join('; ')}`);
      assert.deepEqual(found.slice(0, inPlace.length), inPlace, query);
    }
  }
});

test('a city that no restaurant is in gets no full page, and the answer names it', async () => {
  for (const query of [
    'restaurantes em Tóquio',
    'restaurants in Madrid',
    'Osaka',
    'best restaurant Copenhague',
  ]) {
    for (const mode of ['hybrid', 'semantic', 'keyword']) {
      const { items, place } = await search(query, mode);
      assert.deepEqual(items, [], query);
      assert.match(query, new RegExp(`${place}`));
    }
  }
  const sushi = await search('sushi in Osaka');
  assert.equal(sushi.place, 'Osaka');
  assert.ok(sushi.items.length <= 3);
  for (const { matchedWords } of sushi.items) assert.deepEqual(matchedWords, ['sushi']);
  const cuisine = await search('Singapore food');
  assert.equal(cuisine.place, undefined);
});

test('gibberish and other subjects find few restaurants or none', async () => {
  for (const query of ['xqzvw', 'qwrtplk zzxcvbn', 'asdfghjkl']) {
    for (const mode of ['hybrid', 'semantic']) assert.deepEqual((await search(query, mode)).items, [], query);
  }
  assert.ok((await search('寿司')).items.length > 0, 'other scripts have no vowels to look for');
  assert.ok((await search('blorptang')).items.length <= 5);
  for (const query of ['kernel module compilation error', 'quarterly tax declaration deadline']) {
    assert.ok((await search(query)).items.length <= 3, query);
  }
  const unknown = (await search('custard tarts')).items.map(({ restaurant }) => restaurant.externalId);
  assert.ok(unknown.length > 0, 'words that only the model can place are answered');
});

test('a city by its name alone finds its restaurants before anything is embedded', async (t) => {
  const fresh = await startService(t, {}, { arguments: ['--sample-data'] });
  for (const [query, place] of [
    ['em Recife', /Recife/],
    ['Lisboa', /Lisboa|Lisbon/],
  ] as const) {
    for (const mode of ['keyword', 'hybrid']) {
      const { body } = await fresh.get(`/search?limit=4&mode=${mode}&q=${encodeURIComponent(query)}`);
      const found = locationsOf(body);
      assert.equal(found.length, 4, `${mode} ${query}`);
      assert.ok(
        found.every((location) => place.test(location)),
        `${mode} ${query}: ${found.join('; ')}`,
      );
    }
  }
});
