/** Pages, exclusions and diversity of search and similar restaurants, and dislikes, over the embedded sample. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tasteScore, tasteVector } from '../src/search/taste.ts';
import { cosine } from '../src/search/diversify.ts';
import { fc } from './support/properties.ts';
import { repository } from './support/service.ts';
import { startSampleService, type SampleService } from './support/sample-service.ts';

let service: SampleService;
before(async () => {
  service = await startSampleService(repository);
});
after(() => service.stop());

const rankings = ['/search?q=pizza%20com%20vinho', '/restaurants/1/similar?'];
const idsAt = async (path: string) =>
  (await service.get(path)).items.map(({ restaurant }) => restaurant.externalId);

test('an offset continues the ranking where the page before ended', async () => {
  for (const path of rankings) {
    const all = await idsAt(`${path}&limit=12`);
    const pages = await Promise.all([0, 4, 8].map((offset) => idsAt(`${path}&limit=4&offset=${offset}`)));
    assert.deepEqual(pages.flat(), all, path);
    assert.deepEqual(await idsAt(`${path}&limit=4&offset=1000`), [], path);
  }
});

test('excluded restaurants are left out, and those behind them move up', async () => {
  for (const path of rankings) {
    const { items } = await service.get(`${path}&limit=8`);
    const ids = items.map(({ restaurant }) => (restaurant as unknown as { id: number }).id);
    const found = (await service.get(`${path}&limit=6&exclude=${ids[0]},${ids[2]}`)).items;
    assert.deepEqual(
      found.map(({ restaurant }) => (restaurant as unknown as { id: number }).id),
      ids.filter((_, index) => index !== 0 && index !== 2),
      path,
    );
  }
});

test('diversity keeps the best first and changes what follows; 0 ranks exactly', async () => {
  for (const path of rankings) {
    const exact = await idsAt(`${path}&limit=10`);
    assert.deepEqual(await idsAt(`${path}&limit=10&diversity=0`), exact);
    const diverse = await idsAt(`${path}&limit=10&diversity=0.7`);
    assert.equal(diverse[0], exact[0], path);
    assert.equal(new Set(diverse).size, 10);
    assert.notDeepEqual(diverse, exact, path);
  }
});

const vector = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 })
  .filter((values) => values.some(Boolean))
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));

test('a dislike never raises the score of any restaurant, itself included', () => {
  fc.assert(
    fc.property(vector, vector, fc.array(vector, { maxLength: 3 }), vector, (row, like, others, dislike) => {
      const liked = [{ id: 1, vector: like, weight: 1 }];
      const mean = tasteVector({ liked });
      assert.ok(mean);
      const scoreOf = (of: Float32Array, disliked: readonly Float32Array[]) =>
        tasteScore(of, { liked, disliked }, mean);
      assert.ok(scoreOf(row, [...others, dislike]) <= scoreOf(row, others) + 1e-9);
      if (cosine(dislike, like) < 0.99) assert.ok(scoreOf(dislike, [dislike]) <= scoreOf(dislike, []));
    }),
  );
});
