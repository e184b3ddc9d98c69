/** Text search: what is found, in which order, and what the answer says about itself. */
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository, startService, temporaryFolder, until, type Answer } from './support/service.ts';

const foundIds = (answer: Answer) =>
  answer.body.items.map((item: { restaurant: { id: number } }) => item.restaurant.id);
const asked = (query: string) => `/search?q=${encodeURIComponent(query)}`;

test('keyword search finds the same rows with and without accents, whatever is typed', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
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
  const environment = { MODEL_DIR: 'models/none' };
  const service = await startService(t, environment, { arguments: ['--sample-data'] });
  const answer = await service.get('/search?q=feijoada');
  assert.equal(answer.status, 200);
  assert.ok(answer.body.items.length >= 2);
  assert.deepEqual([answer.body.degraded, answer.body.reason], [true, 'model-missing']);
});

test('a word in the name counts more than in the cuisine, and there more than in the description; the last word may be unfinished', async (t) => {
  const service = await startService(t);
  const add = async (body: object) => (await service.request('POST', '/restaurants', body)).body.id as number;
  const described = await add({ name: 'Um', cuisineType: 'Casa', description: 'Serve pequi.' });
  const cuisine = await add({ name: 'Dois', cuisineType: 'Pequi', description: 'Serve arroz.' });
  const named = await add({ name: 'Pequi', cuisineType: 'Casa', description: 'Serve arroz.' });
  assert.deepEqual(foundIds(await service.get(`${asked('pequi')}&mode=keyword`)), [
    named,
    cuisine,
    described,
  ]);
  assert.deepEqual(foundIds(await service.get(`${asked('pe')}&mode=keyword`)), [named, cuisine, described]);
  assert.deepEqual(foundIds(await service.get(`${asked('peq arroz')}&mode=keyword`)), [cuisine, named]);
  const { body } = await service.get(`${asked('pequi de arroz')}&mode=keyword&limit=1`);
  assert.ok(body.items[0].score > 0.5 && body.items[0].score <= 1);
  assert.equal(body.items[0].similarity, null);
  assert.deepEqual(body.items[0].matchedWords, ['pequi', 'arroz'], 'words that say nothing are left out');
  assert.ok(!body.truncated);
  assert.ok((await service.get(`${asked('palavra '.repeat(33))}&mode=keyword`)).body.truncated);
});

test('search keeps to the filters and to the place, and says that near needs a radius', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '20000' });
  const add = async (body: object) =>
    (await service.request('POST', '/restaurants', { name: 'Casa do Pequi', ...body })).body.id as number;
  const here = await add({ latitude: -23.55, longitude: -46.63, priceLevel: 1, rating: 5 });
  const close = await add({ latitude: -23.56, longitude: -46.64, priceLevel: 2, rating: 3 });
  await add({ latitude: -22.9, longitude: -43.2, priceLevel: 1 });
  await add({});
  const near = '&near=-23.55,-46.63';
  for (const mode of ['hybrid', 'semantic', 'keyword']) {
    const found = await service.get(`${asked('pequi')}&mode=${mode}${near}&radiusKm=5`);
    assert.deepEqual([foundIds(found), found.body.coverage.eligible], [[here, close], 2], mode);
    const cheap = await service.get(
      `${asked('pequi')}&mode=${mode}${near}&radiusKm=5&priceLevel=2&minRating=2`,
    );
    assert.deepEqual(foundIds(cheap), [close], mode);
  }
  for (const path of [`/search?q=a${near}`, `/restaurants/1/similar?limit=1${near}`]) {
    const refused = await service.get(path);
    assert.deepEqual([refused.status, refused.body.errors[0].parameter], [400, 'near']);
    assert.match(refused.body.errors[0].detail, /radiusKm/);
  }
  const filters = { near: { latitude: -23.55, longitude: -46.63 } };
  const refused = await service.request('POST', '/recommendations', { filters });
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [400, '/filters/near']);
});

test('a query is embedded once, whoever asks and however it is spaced and capitalised; hits have a score, both ranks and the cosine', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' });
  for (const name of ['Feijoada', 'Sushi']) await service.request('POST', '/restaurants', { name });
  for (const id of [1, 2]) await service.get(`/restaurants/${id}`);
  const { inferences } = (await service.get('/model')).body;
  await Promise.all([service.get(asked('feijoada')), service.get(asked('feijoada'))]);
  const { body } = await service.get(asked('  FEIJOADA '));
  // As typed, and with the word for what is searched.
  assert.equal((await service.get('/model')).body.inferences, inferences + 2);
  const [first, second] = body.items;
  assert.deepEqual(first.ranks, { keyword: 1, semantic: 1 });
  assert.ok(first.similarity > 0.9 && first.similarity <= 1);
  assert.ok(first.score > 0.7 && first.score <= 1);
  assert.deepEqual(second.ranks, { keyword: null, semantic: 2 });
  assert.ok(second.score < first.score && second.similarity < first.similarity);
  const [semantic] = (await service.get(`${asked('feijoada')}&mode=semantic`)).body.items;
  assert.deepEqual([semantic.score, semantic.ranks], [first.similarity, { keyword: null, semantic: 1 }]);
});

test('while the model stands still a search answers by keywords and says so, and is whole again afterwards', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '300' });
  await service.request('POST', '/restaurants', { name: 'Cantina Lilla' });
  await service.request('POST', '/model/load');
  const [child = 0] = service.childPids();
  process.kill(child, 'SIGSTOP');
  for (const mode of ['hybrid', 'semantic']) {
    const { status, body } = await service.get(`${asked('cantina')}&mode=${mode}`);
    assert.deepEqual([status, body.degraded, body.reason], [200, true, 'in-progress'], mode);
    const [{ ranks, score, similarity }] = body.items;
    assert.deepEqual([ranks, similarity], [{ keyword: 1, semantic: null }, null]);
    assert.ok(score > 0 && score <= 1);
  }
  process.kill(child, 'SIGCONT');
  await until('the search is whole', async () => !(await service.get(asked('cantina'))).body.degraded);
});

test('when the model in the folder is replaced, earlier queries are embedded again', async (t) => {
  const folder = await temporaryFolder(t);
  const modelDir = join(folder, 'model');
  await cp(join(repository, 'models/all-MiniLM-L6-v2'), modelDir, { recursive: true });
  const service = await startService(t, { EMBED_WAIT_MS: '20000', MODEL_DIR: modelDir }, { folder });
  await service.request('POST', '/restaurants', { name: 'Feijoada' });
  const similarity = async () =>
    (await service.get(`${asked('feijoada')}&mode=semantic`)).body.items[0].similarity as number;
  assert.ok((await similarity()) > 0.7);
  await rm(modelDir, { recursive: true });
  await cp(join(repository, 'models/paraphrase-MiniLM-L3-v2'), modelDir, { recursive: true });
  await service.request('POST', '/model/unload');
  await service.request('POST', '/model/load');
  assert.equal((await service.get('/embeddings')).body.stale, 1);
  assert.ok((await similarity()) > 0.7);
});
