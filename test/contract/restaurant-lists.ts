/** The contract of the RestaurantStore port: lists, filters, cuisines, views. */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { RestaurantFilters } from '../../src/catalog/restaurant-filters.ts';
import { restaurantSorts, type ListRequest } from '../../src/catalog/restaurant-store.ts';
import { idsOf, openCatalogue, type ContractEngine } from './engine.ts';

/** Six rows with ties, gaps, accents and places. */
async function openSix(engine: ContractEngine, t: TestContext) {
  const catalogue = await openCatalogue(engine, t);
  const { add } = catalogue;
  await add({ name: 'Casa', rating: 4, priceLevel: 1, cuisineType: 'Mineira', location: 'Savassi, BH' });
  await add({ name: 'casa', rating: 4, priceLevel: 2, cuisineType: 'MINEIRA', location: 'Centro, BH' });
  await add({ name: 'Árvore', rating: null, cuisineType: 'Árabe', description: 'Feijão-tropeiro' });
  await add({ name: 'Zé', rating: 2.5, priceLevel: 4, latitude: -19.9, longitude: -43.9 });
  await add({ name: 'Bar', rating: 5, priceLevel: 4, latitude: -23.5, longitude: -46.6 });
  await add({ name: 'Ônix', rating: 0, latitude: 0, longitude: 179.95 });
  await catalogue.embed(2);
  const list = (request: Partial<ListRequest>) =>
    catalogue.stores.restaurants.list({
      filters: {},
      sort: 'id',
      limit: 100,
      modelVersion: catalogue.modelVersion,
      ...request,
    });
  const idsWith = async (filters: RestaurantFilters) => idsOf((await list({ filters })).items);
  return { ...catalogue, list, idsWith };
}

export function describeRestaurantListContract(engine: ContractEngine): void {
  describe(`lists of restaurants on ${engine.name}`, () => {
    test('every sort orders by its key, rows without one last, ties by id', async (t) => {
      const { list } = await openSix(engine, t);
      const sorted = async (sort: ListRequest['sort']) => idsOf((await list({ sort })).items);
      assert.deepEqual(await sorted('id'), [1, 2, 3, 4, 5, 6]);
      assert.deepEqual(await sorted('-id'), [6, 5, 4, 3, 2, 1]);
      assert.deepEqual(await sorted('name'), [3, 5, 1, 2, 6, 4]);
      assert.deepEqual(await sorted('-name'), [4, 6, 2, 1, 5, 3]);
      assert.deepEqual(await sorted('rating'), [6, 4, 1, 2, 5, 3]);
      assert.deepEqual(await sorted('-rating'), [5, 2, 1, 4, 6, 3]);
      const near = { latitude: -19.9, longitude: -43.9 };
      const { items } = await list({ sort: 'distance', filters: { near } });
      assert.deepEqual(idsOf(items), [4, 5, 6, 1, 2, 3]);
    });

    test('paging returns each row exactly once in every sort, with the total of all pages', async (t) => {
      const { list } = await openSix(engine, t);
      for (const sort of restaurantSorts) {
        const seen: number[] = [];
        let after: ListRequest['after'];
        do {
          const filters = { near: { latitude: -19.9, longitude: -43.9 } };
          const page = await list({ sort, filters, limit: 2, after });
          assert.equal(page.total, 6);
          seen.push(...idsOf(page.items));
          after = page.next;
        } while (after);
        assert.deepEqual(
          seen.toSorted((a, b) => a - b),
          [1, 2, 3, 4, 5, 6],
          sort,
        );
      }
    });

    test('filters compare without case and accents, and combine', async (t) => {
      const { idsWith } = await openSix(engine, t);
      assert.deepEqual(await idsWith({ cuisineTypes: ['mineira'] }), [1, 2]);
      assert.deepEqual(await idsWith({ cuisineTypes: ['arabe', 'none'] }), [3]);
      assert.deepEqual(await idsWith({ minRating: 4 }), [1, 2, 5]);
      assert.deepEqual(await idsWith({ minRating: 0 }), [1, 2, 4, 5, 6]);
      assert.deepEqual(await idsWith({ priceLevels: [1, 4] }), [1, 4, 5]);
      assert.deepEqual(await idsWith({ location: 'SAVASSI' }), [1]);
      assert.deepEqual(await idsWith({ location: '%' }), []);
      assert.deepEqual(await idsWith({ minRating: 4, priceLevels: [4] }), [5]);
      assert.deepEqual(await idsWith({ cuisineTypes: [] }), [1, 2, 3, 4, 5, 6]);
    });

    test('embedded tells rows with a current vector from all others', async (t) => {
      const { idsWith, list } = await openSix(engine, t);
      assert.deepEqual(await idsWith({ embedded: true }), [2]);
      assert.deepEqual(await idsWith({ embedded: false }), [1, 3, 4, 5, 6]);
      const without = await list({ filters: { embedded: true }, modelVersion: undefined });
      assert.deepEqual(without.items, []);
    });

    test('near selects by great-circle distance, also across the date line and around the pole', async (t) => {
      const { add, idsWith } = await openSix(engine, t);
      const pole = await add({ name: 'Polo', latitude: 89.9, longitude: 10 });
      assert.deepEqual(await idsWith({ near: { latitude: -19.9, longitude: -43.9, radiusKm: 0 } }), [4]);
      assert.deepEqual(await idsWith({ near: { latitude: -19.9, longitude: -43.9, radiusKm: 600 } }), [4, 5]);
      assert.deepEqual(await idsWith({ near: { latitude: 0, longitude: -179.95, radiusKm: 12 } }), [6]);
      assert.deepEqual(await idsWith({ near: { latitude: 89.9, longitude: -170, radiusKm: 30 } }), [pole.id]);
      const all = await idsWith({ near: { latitude: 0, longitude: 0, radiusKm: 20_038 } });
      assert.deepEqual(all, [4, 5, 6, pole.id]);
    });

    test('words must all occur; the last may be unfinished; any text is a valid query', async (t) => {
      const { list } = await openSix(engine, t);
      const found = async (query: string) => idsOf((await list({ query })).items);
      assert.deepEqual(await found('casa'), [1, 2]);
      assert.deepEqual(await found('arvore FEIJ'), [3]);
      assert.deepEqual(await found('casa feijao'), []);
      assert.deepEqual(await found('  '), [1, 2, 3, 4, 5, 6]);
      for (const query of ['"', "' OR 1=1 --", 'NEAR(', 'a* AND', '!!!', '\u{1F372}']) await found(query);
    });

    test('cuisines are listed once, the most frequent first; views and count follow the writes', async (t) => {
      const { stores, add } = await openSix(engine, t);
      const { cuisines, count, addViews } = stores.restaurants;
      assert.equal((await cuisines(10)).length, 2);
      assert.equal((await cuisines(1))[0]?.toLowerCase(), 'mineira');
      for (let i = 0; i < 2; i += 1) await add({ name: 'T', cuisineType: 'Thai' });
      await add({ name: 'T', cuisineType: 'Thai' });
      assert.equal((await cuisines(10))[0], 'Thai');
      assert.equal(await count(), 9);
      await addViews(
        new Map([
          [1, 3],
          [99, 1],
        ]),
      );
    });
  });
}
