/** Recommendations from likes and dislikes, as a client sees them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, type Answer, type Service } from './support/service.ts';

const sample = (t: Parameters<typeof startService>[0], environment: Record<string, string> = {}) =>
  startService(t, { EMBED_WAIT_MS: '20000', ...environment }, { arguments: ['--sample-data'] });

const recommend = (service: Service, body: object) => service.request('POST', '/recommendations', body);
const foundIds = ({ body }: Answer) =>
  body.items.map((item: { restaurant: { id: number } }) => item.restaurant.id) as number[];

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
  assert.ok(body.items.length > 0);
  assert.ok(foundIds({ body } as Answer).every((id) => id > 2));
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

test('without likes, or with only lukewarm ones, the best rated are recommended', async (t) => {
  const service = await sample(t);
  const none = await service.request('POST', '/recommendations', {});
  assert.equal(none.body.strategy, 'top-rated');
  assert.equal(none.body.items[0].restaurant.rating, 4.9);
  assert.equal(none.body.items[0].score, null);
  const neutral = await recommend(service, {
    likes: [
      { id: 1, rating: 3 },
      { id: 2, rating: 2.5 },
    ],
  });
  assert.equal(neutral.body.strategy, 'top-rated');
  const disliked = await recommend(service, { likes: [{ id: 1, rating: 2 }], dislikes: [2] });
  assert.equal(disliked.body.strategy, 'top-rated');
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
  const bare = await service.request('POST', '/recommendations', { likes: [1] });
  assert.deepEqual(bare.body.errors, [
    { pointer: '/likes/0', detail: 'must be an object with an id, such as {"id": 1}' },
  ]);
});

const cosine = (a: readonly number[] = [], b: readonly number[] = []) =>
  a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);

async function vectorOf(service: Service, id: number): Promise<number[]> {
  return (await service.get(`/restaurants/${id}?include=vector`)).body.embedding.vector as number[];
}

test('likes count by rating and age, dislikes against, and a like given twice counts once, by its latest', async (t) => {
  const service = await sample(t, { TOP_UP_MS: '0' });
  const [one, two, three, target] = await Promise.all([1, 5, 9, 20].map((id) => vectorOf(service, id)));
  const at = new Date(Date.now() - 73 * 24 * 60 * 60 * 1_000).toISOString();
  const given = {
    likes: [{ id: 1, rating: 1, at: '2020-01-01T00:00:00Z' }, { id: 1, rating: 5, at }, { id: 5 }],
    dislikes: [9, 9],
    limit: 100,
  };
  const { body } = await recommend(service, given);
  // 73 days are a fifth of a year: 0.8 × 5/5; unrated 0.6.
  const sum = (one ?? []).map((value, i) => 0.8 * value + 0.6 * (two?.[i] ?? 0));
  const excess = cosine(three, target) - Math.max(cosine(one, target), cosine(two, target));
  const expected = Math.max(0, cosine(sum, target) / Math.hypot(...sum) - Math.max(0, excess));
  assert.equal(body.items.length, 1);
  assert.equal(body.items[0].restaurant.id, 20);
  assert.ok(Math.abs(body.items[0].score - expected) < 2e-4, `${body.items[0].score} for ${expected}`);
  assert.deepEqual([body.leftOut, body.reason], [[], undefined]);
});

test('likes without a vector are listed in the answer, with the reason', async (t) => {
  const service = await sample(t, { MODEL_DIR: 'models/none' });
  const { status, body } = await recommend(service, { likes: [{ id: 3 }, { id: 4 }], dislikes: [5] });
  assert.equal(status, 200);
  assert.deepEqual([body.strategy, body.leftOut, body.reason], ['top-rated', [3, 4, 5], 'model-missing']);
  assert.equal(body.items.length, 10);
});

test('two hundred likes are taken, one more is refused', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  for (let i = 0; i < 200; i += 1) await service.request('POST', '/restaurants', { name: `Casa ${i}` });
  const likes = Array.from({ length: 200 }, (_, i) => ({ id: i + 1 }));
  assert.equal((await recommend(service, { likes })).status, 200);
  assert.equal((await recommend(service, { likes: [...likes, { id: 1 }] })).status, 400);
});
