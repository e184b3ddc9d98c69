/** Similar restaurants, recommendations and search over a catalogue that is only partly embedded. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { repository, startService, type Answer, type Service } from './support/service.ts';

const foundNames = (answer: Answer) =>
  answer.body.items.map((item: { restaurant: { name: string } }) => item.restaurant.name);
const foundIds = (answer: Answer) =>
  answer.body.items.map((item: { restaurant: { id: number } }) => item.restaurant.id);

/** Of the queries in each language; 39 of 40 are found, and another processor may round another one away. */
const MUST_FIND = 0.9;

/** The sample catalogue, all of it embedded, for the tests that need no other. */
let sample: Service;
before(async (t) => {
  sample = await startService(t as never, { TOP_UP_MS: '0' }, { arguments: ['--sample-data'] });
  const { total } = (await sample.get('/embeddings')).body;
  await Promise.all(Array.from({ length: total }, (_, index) => sample.get(`/restaurants/${index + 1}`)));
  assert.equal((await sample.get('/embeddings')).body.ready, total);
});

test('hand-written queries find what they mean among the first five', async (t) => {
  const file = await readFile(join(repository, 'data/queries.json'), 'utf8');
  const queries = JSON.parse(file) as { query: string; language: string; relevant: string[] }[];
  const missed: string[] = [];
  for (const { query, relevant } of queries) {
    const answer = await sample.get(`/search?limit=5&q=${encodeURIComponent(query)}`);
    const found = answer.body.items.map(
      (item: { restaurant: { externalId: string } }) => item.restaurant.externalId,
    );
    if (!found.some((id: string) => relevant.includes(id))) missed.push(query);
  }
  t.diagnostic(
    `${queries.length - missed.length} of ${queries.length} queries; missed: ${missed.join('; ')}`,
  );
  for (const language of ['pt', 'en']) {
    const own = queries.filter((query) => query.language === language);
    const found = own.filter(({ query }) => !missed.includes(query));
    assert.ok(found.length >= MUST_FIND * own.length, `${language}: ${missed.join('; ')}`);
  }
});

test('similar restaurants never contain the restaurant itself, nor deleted ones, and fill the page through any filter', async () => {
  const service = sample;
  const { total } = (await service.get('/embeddings')).body;
  const all = await service.get('/restaurants/1/similar?limit=100');
  assert.equal(all.body.items.length, 100);
  assert.ok(!foundIds(all).includes(1));
  assert.deepEqual(all.body.coverage, { eligible: total, embedded: total, toppedUp: 0 });
  const scores = all.body.items.map((item: { score: number }) => item.score);
  assert.deepEqual(
    scores,
    scores.toSorted((a: number, b: number) => b - a),
  );
  assert.ok(scores.every((score: number) => score <= 1 && score >= -1 && Number(score.toFixed(4)) === score));

  const filtered = await service.get('/restaurants/1/similar?limit=50&location=london');
  assert.equal(filtered.body.items.length, filtered.body.coverage.eligible);
  const [nearest] = foundIds(all);
  await service.request('DELETE', `/restaurants/${nearest}`);
  assert.ok(!foundIds(await service.get('/restaurants/1/similar?limit=100')).includes(nearest));
  assert.equal((await service.get('/restaurants/99999/similar')).status, 404);
});

test('a stale vector never ranks', async () => {
  const service = sample;
  const [nearest] = foundIds(await service.get('/restaurants/1/similar'));
  await service.request('PATCH', `/restaurants/${nearest}`, { description: 'Outra coisa.' });
  const without = await service.get('/restaurants/1/similar?limit=100');
  assert.ok(!foundIds(without).includes(nearest));
  assert.equal(without.body.coverage.eligible - without.body.coverage.embedded, 1);
});

test('with 10 of 500 restaurants embedded, a search finds the dish that only an unembedded one serves, and says so', async (t) => {
  const service = await startService(t, { TOP_UP_MS: '20000' });
  for (let i = 0; i < 500; i += 1) {
    const description =
      i === 423 ? 'Aqui se come galinha-d’angola com pequi.' : `Prato número ${i} com arroz e salada.`;
    await service.request('POST', '/restaurants', { name: `Casa ${i}`, description });
  }
  for (let id = 1; id <= 10; id += 1) await service.get(`/restaurants/${id}`);
  const atFirst = (await service.get('/search?q=casa&mode=keyword')).body.coverage;
  assert.deepEqual(atFirst, { eligible: 500, embedded: 10, toppedUp: 0 });
  const answer = await service.get('/search?q=galinha%20pequi&mode=semantic');
  assert.equal(foundNames(answer)[0], 'Casa 423');
  const { eligible, embedded, toppedUp } = answer.body.coverage;
  assert.equal(eligible, 500);
  assert.ok(toppedUp >= 1);
  assert.equal(embedded, 10 + toppedUp);
  assert.equal((await service.get('/embeddings')).body.ready, embedded);
});
