/** What people type and what they must find, through the API. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { repository } from './support/service.ts';
import { startSampleService, type SampleService } from './support/sample-service.ts';

let service: SampleService;
before(async () => {
  service = await startSampleService(repository);
});
after(() => service.stop());

const search = (query: string, mode = 'hybrid') =>
  service.get(`/search?limit=10&mode=${mode}&q=${encodeURIComponent(query)}`);
const idsOf = (body: Awaited<ReturnType<typeof search>>) =>
  body.items.map((item) => item.restaurant.externalId);

test('"romantic dinner" finds the candlelit bistro that is described in Portuguese before any English breakfast', async () => {
  const found = idsOf(await search('romantic dinner'));
  assert.ok(found.includes('sp-frances-petit-claude'), String(found));
  assert.ok(!found.slice(0, 5).includes('ldn-caff-regent'), String(found));
});

test('"dog friendly" does not find corn dogs first', async () => {
  const { items } = await search('dog friendly');
  assert.doesNotMatch(`${items[0]?.restaurant.description}`, /corn dog/i);
});

test('"pub" does not find "públicos", not even as the beginning of a word', async () => {
  for (const mode of ['keyword', 'hybrid']) {
    const { items } = await search('pub', mode);
    for (const { marked, restaurant } of items) {
      assert.doesNotMatch(`${marked.name} ${marked.snippet}`, /<mark>p[uú]blic/i, restaurant.externalId);
    }
    assert.ok(items.some(({ marked }) => /<mark>(pubs?|boteco|bar)<\/mark>/i.test(`${marked.snippet}`)));
  }
});

test('what is asked for by several words, or has other names, is found by the words that restaurants use for it', async () => {
  for (const query of ['pequeno-almoço', 'café da manhã']) {
    const { items } = await search(query, 'keyword');
    const texts = items.slice(0, 3).map(({ restaurant }) => `${restaurant.name} ${restaurant.description}`);
    for (const text of texts) assert.match(text, /caf[eé] da manhã|breakfast|pancake|eggs|tapioca|brunch/i);
  }
});

test('"jantar romântico em São Paulo" finds restaurants of São Paulo before all others, and no fish house named São Francisco', async () => {
  const body = await search('jantar romântico em São Paulo');
  assert.equal(body.place, 'São Paulo');
  assert.equal(body.items[0]?.restaurant.externalId, 'sp-frances-petit-claude');
  for (const { restaurant } of body.items.slice(0, 5)) assert.match(`${restaurant.location}`, /São Paulo/);
});

test('"piza", "camarões" and "vegetariano" find what is meant, by keyword', async () => {
  for (const [query, pattern] of [
    ['piza', /pizza/i],
    ['camarões', /camar(ão|ões)|shrimp|prawn/i],
    ['vegetariano', /vegetarian/i],
  ] as const) {
    const { items } = await search(query, 'keyword');
    assert.ok(items.length > 0, query);
    const { name, cuisineType, description } = items[0]?.restaurant ?? {};
    assert.match(`${name} ${cuisineType} ${description}`, pattern);
  }
  assert.deepEqual((await search('piza', 'keyword')).corrected, { piza: 'pizza' });
});

test('an English query finds Portuguese restaurants by meaning, and the reverse', async () => {
  assert.ok(idsOf(await search('lobster', 'semantic')).includes('ssa-barra-lagosta'));
  assert.ok(
    idsOf(await search('sanduíche de pastrami'))
      .slice(0, 3)
      .includes('nyc-deli-orchard'),
  );
});

test('"comida indiana em Londres" finds London; "high-end" is no place although there is a West End', async () => {
  const body = await search('comida indiana em Londres');
  assert.equal(body.place, 'London');
  assert.match(`${body.items[0]?.restaurant.location}`, /London/);
  assert.equal(body.items[0]?.restaurant.cuisineType?.startsWith('Indian') ?? false, true);
  assert.equal((await search('high-end sushi')).place, undefined);
});

test('words of the dictionary are not corrected', async () => {
  for (const query of ['pork', 'fired']) {
    assert.equal((await search(query, 'keyword')).corrected, undefined, query);
  }
});

test('a misspelt word that only restaurants in the other language have is corrected and then translated', async () => {
  const { items, corrected } = await search('cinnammon', 'keyword');
  assert.deepEqual(corrected, { cinnammon: 'cinnamon' });
  assert.ok(items.length > 0);
});

test('a query that nothing matches finds next to nothing; minSimilarity decides otherwise', async () => {
  for (const query of ['conserto de impressora a laser', 'kernel module compilation error', 'xqzvw']) {
    assert.ok((await search(query)).items.length <= 5, query);
  }
  const all = await service.get('/search?limit=10&minSimilarity=-1&q=xqzvw');
  assert.equal(all.items.length, 10);
});

test('scores are between 0 and 1 and fall along the list, with ranks and the cosine beside them', async () => {
  for (const mode of ['keyword', 'semantic', 'hybrid']) {
    const { items } = await search('café com wi-fi para trabalhar', mode);
    const scores = items.map(({ score }) => score);
    assert.ok(scores.every((score) => score >= 0 && score <= 1));
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
    for (const { ranks, similarity } of items) {
      assert.equal(ranks.semantic === null, mode === 'keyword' || similarity === null);
      if (mode === 'semantic') assert.equal(ranks.keyword, null);
    }
  }
});

test('matched words are marked in name and description, in every form, and the rest is escaped', async () => {
  const { items } = await search('noodle', 'keyword');
  const hit = items.find(({ restaurant }) => /noodles/i.test(`${restaurant.description}`));
  assert.match(`${hit?.marked.name} ${hit?.marked.snippet}`, /<mark>noodles?<\/mark>/i);
  for (const { marked } of items) {
    const plain = `${marked.name}${marked.snippet}`.replaceAll(/<\/?mark>/g, '');
    assert.doesNotMatch(plain, /[<>]/);
  }
});
