/** The contract of the SearchStore port. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import { termsOf } from '../support/query-terms.ts';
import { openCatalogue, type ContractEngine } from './engine.ts';

export function describeSearchStoreContract(engine: ContractEngine): void {
  describe(`search on ${engine.name}`, () => {
    test('coverage follows every write, with filters and without, also of another process', async (t) => {
      const { stores, add, embed, modelVersion, openAnother } = await openCatalogue(engine, t);
      const count = async (filters = {}) => {
        const { eligible, embedded } = await stores.search.countMatches(filters, modelVersion);
        return [eligible, embedded];
      };
      assert.deepEqual(await count(), [0, 0]);
      for (const rating of [1, 3, 5]) await add({ name: `R${rating}`, rating });
      await embed(3);
      assert.deepEqual(
        [await count(), await count({ minRating: 3 })],
        [
          [3, 1],
          [2, 1],
        ],
      );
      const other = await openAnother();
      await other.restaurants.delete(3);
      assert.deepEqual(
        [await count(), await count({ minRating: 3 })],
        [
          [2, 0],
          [1, 0],
        ],
      );
      assert.deepEqual(await stores.search.countMatches({}, undefined), { eligible: 2, embedded: 0 });
    });

    test('keywords find rows in every form of a word and with an unfinished last one; rows with all words come first', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      await add({ name: 'Casa', description: 'Feijoada completa aos sábados' });
      await add({ name: 'Feijoada da Lu', description: 'Só aos sábados' });
      await add({ name: 'Sushi', description: 'Peixe cru' });
      const find = async (query: string, filters = {}) =>
        (
          await stores.search.searchKeywords({
            terms: await termsOf(stores.vocabulary, query),
            filters,
            limit: 10,
            modelVersion,
          })
        ).toSorted((a, b) => a - b);
      assert.deepEqual(await find('feijoadas'), [1, 2]);
      assert.deepEqual(await find('FEIJ'), [1, 2]);
      const both = await termsOf(stores.vocabulary, 'feijoada lu');
      assert.deepEqual(
        await stores.search.searchKeywords({ terms: both, filters: {}, limit: 1, modelVersion }),
        [2],
      );
      assert.deepEqual(await find('feijoada', { cuisineTypes: ['none'] }), []);
      for (const query of ['', '   ', '"', '* NEAR', '\u{1F372}']) assert.deepEqual(await find(query), []);
    });

    test('an edited or deleted row is found by its new words only', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'Pizzaria' });
      const find = async (query: string) =>
        stores.search.searchKeywords({
          terms: await termsOf(stores.vocabulary, query),
          filters: {},
          limit: 10,
          modelVersion,
        });
      const renamed = restaurantFieldsSchema.parse({ name: 'Churrascaria' });
      await stores.restaurants.put(id, renamed, { modelVersion });
      assert.deepEqual([await find('pizzaria'), await find('churrascaria')], [[], [id]]);
      await stores.restaurants.delete(id);
      assert.deepEqual(await find('churrascaria'), []);
    });

    test('candidates have no vector: the same cuisine first, then most viewed, then lowest id', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (const cuisineType of ['Mineira', 'Thai', null, 'THAI', 'Thai', 'Mineira'])
        await add({ name: 'R', cuisineType });
      await embed(5);
      await stores.restaurants.addViews(
        new Map([
          [3, 5],
          [4, 2],
          [6, 7],
        ]),
      );
      const list = (hints: object, limit = 10, filters = {}) =>
        stores.search.listCandidates({ filters, hints, limit, modelVersion });
      assert.deepEqual(await list({ cuisineType: 'thai' }), [4, 2, 6, 3, 1]);
      assert.deepEqual(await list({ cuisineType: null }, 3), [6, 3, 4]);
      assert.deepEqual(await list({}, 10, { cuisineTypes: ['mineira'] }), [6, 1]);
    });

    test('the best rated come first, rows without a rating last, excluded rows not at all', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      for (const rating of [3, null, 5, 5]) await add({ name: 'R', rating });
      const list = (limit: number, excludedIds: number[] = []) =>
        stores.search.listTopRated({ filters: {}, limit, excludedIds, modelVersion });
      assert.deepEqual(await list(10), [3, 4, 1, 2]);
      assert.deepEqual(await list(2, [3]), [4, 1]);
    });
  });
}
