/** Similar restaurants, recommendations and search over a catalogue that is only partly embedded. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository, startService, type Answer, type Service } from './support/service.ts';

const sample = (t: Parameters<typeof startService>[0], environment: Record<string, string> = {}) =>
  startService(t, { EMBED_WAIT_MS: '20000', ...environment }, { arguments: ['--sample-data'] });

const foundNames = (answer: Answer) =>
  answer.body.items.map((item: { restaurant: { name: string } }) => item.restaurant.name);
const foundIds = (answer: Answer) =>
  answer.body.items.map((item: { restaurant: { id: number } }) => item.restaurant.id);

async function embedAll(service: Service): Promise<number> {
  const { total } = (await service.get('/embeddings')).body;
  await Promise.all(Array.from({ length: total }, (_, index) => service.get(`/restaurants/${index + 1}`)));
  assert.equal((await service.get('/embeddings')).body.ready, total);
  return total;
}

test('similar restaurants never contain the restaurant itself, nor deleted ones, and fill the page through any filter', async (t) => {
  const service = await sample(t);
  const total = await embedAll(service);
  const all = await service.get('/restaurants/1/similar?limit=100');
  assert.equal(all.body.items.length, 100);
  assert.ok(!foundIds(all).includes(1));
  assert.deepEqual(all.body.coverage, { eligible: total, embedded: total, toppedUp: 0 });
  const scores = all.body.items.map((item: { score: number }) => item.score);
  assert.deepEqual(
    scores,
    scores.toSorted((a: number, b: number) => b - a),
  );
  assert.ok(
    scores.every((score: number) => score <= 1 && score >= -1 && Number.isInteger(Math.round(score * 1e4))),
  );

  const filtered = await service.get('/restaurants/1/similar?limit=50&location=london');
  assert.equal(filtered.body.items.length, filtered.body.coverage.eligible);
  const [nearest] = foundIds(all);
  await service.request('DELETE', `/restaurants/${nearest}`);
  assert.ok(!foundIds(await service.get('/restaurants/1/similar?limit=100')).includes(nearest));
  assert.equal((await service.get('/restaurants/99999/similar')).status, 404);
});

test('a stale vector never ranks, and top-up renews it', async (t) => {
  const service = await sample(t, { TOP_UP_MS: '0' });
  await embedAll(service);
  const [nearest] = foundIds(await service.get('/restaurants/1/similar'));
  await service.request('PATCH', `/restaurants/${nearest}`, { description: 'Outra coisa.' });
  const without = await service.get('/restaurants/1/similar?limit=100');
  assert.ok(!foundIds(without).includes(nearest));
  assert.equal(without.body.coverage.eligible - without.body.coverage.embedded, 1);
});

test('with 10 of 500 restaurants embedded, a search finds the dish that only an unembedded one serves, and says so', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '1000' });
  for (let i = 0; i < 500; i += 1) {
    const description =
      i === 423 ? 'Aqui se come galinha-d’angola com pequi.' : `Prato número ${i} com arroz e salada.`;
    await service.request('POST', '/restaurants', { name: `Casa ${i}`, description });
  }
  for (let id = 1; id <= 10; id += 1) await service.get(`/restaurants/${id}`);
  const before = (await service.get('/search?q=casa&mode=keyword')).body.coverage;
  assert.deepEqual(before, { eligible: 500, embedded: 10, toppedUp: 0 });
  const answer = await service.get('/search?q=galinha%20pequi&mode=semantic');
  assert.equal(foundNames(answer)[0], 'Casa 423');
  const { eligible, embedded, toppedUp } = answer.body.coverage;
  assert.equal(eligible, 500);
  assert.ok(toppedUp >= 1);
  assert.equal(embedded, 10 + toppedUp);
  assert.equal((await service.get('/embeddings')).body.ready, embedded);
});

test('keyword search finds the same rows with and without accents, whatever is typed', async (t) => {
  const service = await sample(t);
  const plain = await service.get('/search?mode=keyword&q=feijoada%20a%20mineira');
  const accented = await service.get(`/search?mode=keyword&q=${encodeURIComponent('FEIJOADA À MINEIRA')}`);
  assert.ok(plain.body.items.length > 0);
  assert.deepEqual(foundIds(accented), foundIds(plain));
  assert.deepEqual(plain.body.items[0].matchedWords, ['feijoada', 'mineira']);
  for (const query of [
    '"',
    'NEAR(a b)',
    'a AND',
    '*',
    '🍕',
    '-',
    'name:x',
    'x'.repeat(10_000),
    '( OR )',
    '',
  ]) {
    for (const mode of ['keyword', 'hybrid']) {
      const answer = await service.get(`/search?mode=${mode}&q=${encodeURIComponent(query)}`);
      assert.equal(answer.status, 200, query);
      assert.equal(answer.body.truncated, query.length > 1_000);
    }
  }
  assert.equal((await service.get('/search')).status, 400);
});

test('without the model, hybrid search answers with keywords alone and says that it is degraded', async (t) => {
  const service = await sample(t, { MODEL_DIR: 'models/none' });
  const answer = await service.get('/search?q=feijoada');
  assert.equal(answer.status, 200);
  assert.ok(answer.body.items.length >= 2);
  assert.deepEqual([answer.body.degraded, answer.body.reason], [true, 'model-missing']);
});

test('hand-written queries find what they mean among the first five', async (t) => {
  const service = await sample(t);
  await embedAll(service);
  const file = await readFile(join(repository, 'data/queries.json'), 'utf8');
  const queries = JSON.parse(file) as { query: string; language: string; relevant: string[] }[];
  const missed: string[] = [];
  for (const { query, relevant } of queries) {
    const answer = await service.get(`/search?limit=5&q=${encodeURIComponent(query)}`);
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
    assert.ok(found.length >= 0.8 * own.length, `${language}: ${missed.join('; ')}`);
  }
});

test('recommendations follow likes, leave out what is known, and embed a like that was not embedded', async (t) => {
  const service = await sample(t);
  const { body } = await service.request('POST', '/recommendations', {
    likes: [{ id: 1, rating: 5, at: new Date().toISOString() }, { id: 1 }],
    dislikes: [2],
    limit: 20,
  });
  assert.equal(body.strategy, 'preferences');
  assert.equal(
    (await service.get('/restaurants/1', { Prefer: 'respond-async' })).body.embedding.status,
    'ready',
  );
  const ids = body.items.map((item: { restaurant: { id: number } }) => item.restaurant.id);
  assert.ok(ids.every((id: number) => id > 2));
  const cheap = await service.request('POST', '/recommendations', {
    likes: [{ id: 1 }],
    filters: { priceLevel: [1] },
    limit: 5,
  });
  assert.ok(
    cheap.body.items.every(
      (item: { restaurant: { priceLevel: number } }) => item.restaurant.priceLevel === 1,
    ),
  );
});

test('without likes, or when likes and dislikes cancel out, the best rated are recommended', async (t) => {
  const service = await sample(t);
  const none = await service.request('POST', '/recommendations', {});
  assert.equal(none.body.strategy, 'top-rated');
  assert.equal(none.body.items[0].restaurant.rating, 4.9);
  assert.equal(none.body.items[0].score, null);
  const chain = (await service.get('/restaurants?q=Sushi%20Bairro')).body.items.map(
    (item: { id: number }) => item.id,
  );
  const cancelled = await service.request('POST', '/recommendations', {
    likes: [{ id: chain[0] }],
    dislikes: [chain[1]],
  });
  assert.equal(cancelled.body.strategy, 'top-rated');
});

test('unknown ids in likes or dislikes are refused by name', async (t) => {
  const service = await sample(t);
  const answer = await service.request('POST', '/recommendations', {
    likes: [{ id: 1 }, { id: 7777 }],
    dislikes: [8888],
  });
  assert.equal(answer.status, 400);
  assert.deepEqual(
    answer.body.errors.map((error: { pointer: string }) => error.pointer),
    ['/likes/1/id', '/dislikes/0'],
  );
});
