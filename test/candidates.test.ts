/** Which rows are embedded first for an answer, and how much of the catalogue is covered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { termsOf } from './support/query-terms.ts';
import { fc } from './support/properties.ts';
import { openCatalogue, unitVector } from './support/vector-catalogue.ts';

async function openLazyCatalogue() {
  const catalogue = await openCatalogue();
  await catalogue.useModel('first');
  const { add, restaurants, search, vocabulary, modelVersion } = catalogue;
  return {
    ...catalogue,
    async addViewed(views: number, cuisineType: string | null, description: string | null = null) {
      const id = await add({ cuisineType, description });
      if (views > 0) await restaurants.addViews(new Map([[id, views]]));
      return id;
    },
    async list({ query, cuisineType }: { cuisineType?: string | null; query?: string }, limit = 100) {
      const terms = query === undefined ? undefined : await termsOf(vocabulary, query);
      const hints = { terms, cuisineType };
      return search.listCandidates({ filters: {}, hints, limit, modelVersion: modelVersion() });
    },
  };
}

test('the same cuisine goes first, then the most viewed, then the lowest id; rows without a cuisine are like any other', async () => {
  const { addViewed, embed, list, search, modelVersion } = await openLazyCatalogue();
  const other = await addViewed(0, 'Mineira');
  const thai = await addViewed(0, 'Thai');
  const viewed = await addViewed(5, null);
  const thaiViewed = await addViewed(2, 'THAI');
  const embedded = await addViewed(9, 'Thai');
  const none = await addViewed(0, null);
  const mostViewed = await addViewed(7, 'Mineira');
  await embed(embedded, unitVector(1));
  assert.deepEqual(await list({ cuisineType: 'thai' }), [thaiViewed, thai, mostViewed, viewed, other, none]);
  assert.deepEqual(await list({ cuisineType: null }), [mostViewed, viewed, thaiViewed, other, thai, none]);
  assert.deepEqual(await list({ cuisineType: 'thai' }, 3), [thaiViewed, thai, mostViewed]);
  assert.deepEqual(
    await search.listCandidates({
      filters: { cuisineTypes: ['Mineira'] },
      hints: {},
      limit: 9,
      modelVersion: modelVersion(),
    }),
    [mostViewed, other],
  );
});

test('a match with the query goes first, one with all of its words before one with some', async () => {
  const { addViewed, list } = await openLazyCatalogue();
  const viewed = await addViewed(9, null, 'Arroz e salada');
  const some = await addViewed(0, null, 'Costela com pequi');
  const all = await addViewed(0, null, 'Galinha com pequi');
  const matchViewed = await addViewed(3, null, 'Galinha assada');
  const none = await addViewed(0, null, 'Salada');
  assert.deepEqual(await list({ query: 'galinha com pequi' }), [matchViewed, all, some, viewed, none]);
});

test('of a word that is in thousands of rows, and in a large catalogue, the first rows without a vector are found', async () => {
  const { add, embed, list, search, vocabulary, modelVersion } = await openLazyCatalogue();
  for (let i = 0; i < 4_500; i += 1) await add({ name: `Casa ${i}` });
  for (let id = 1; id <= 2_100; id += 1) await embed(id, unitVector(1));
  assert.deepEqual(await list({ query: 'casa' }, 3), [2_101, 2_102, 2_103]);
  assert.deepEqual(await list({}, 3), [2_101, 2_102, 2_103]);
  const rare = await add({ name: 'Pequi' });
  assert.deepEqual(await list({ query: 'casa pequi' }, 2), [rare, 2_101]);
  // Ranking is bounded where so many match, but not what a filter leaves of them.
  const last = await add({ name: 'Casa', rating: 5 });
  const find = async (query: string, filters = {}) => {
    const terms = await termsOf(vocabulary, query);
    return search.searchKeywords({ terms, filters, limit: 3, modelVersion: modelVersion() });
  };
  assert.equal((await find('casa')).length, 3);
  assert.deepEqual(await find('casa', { minRating: 5 }), [last]);
  assert.equal((await find('casa pequi'))[0], rare);
});

test('coverage of the whole catalogue is right after whatever is written, without counting again', async () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'embed', 'rename', 'remove', 'model'),
    target: fc.nat(50),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { add, embed, rename, remove, useModel, expected, search, modelVersion } =
        await openLazyCatalogue();
      for (const { kind, target } of steps) {
        const id = [...expected.keys()][target % Math.max(1, expected.size)];
        if (kind === 'add') await add({});
        else if (kind === 'model') await useModel(`model ${target}`);
        else if (id !== undefined && kind === 'embed') await embed(id, unitVector(target));
        else if (id !== undefined && kind === 'rename') await rename(id);
        else if (id !== undefined) await remove(id);
        const embedded = [...expected.values()].filter(({ vector }) => vector).length;
        assert.deepEqual(await search.countMatches({}, modelVersion()), {
          eligible: expected.size,
          embedded,
        });
      }
    }),
    { numRuns: 60 },
  );
});
