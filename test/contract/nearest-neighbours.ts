/** The contract of the NearestNeighbours and VectorMap ports. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import type { NearestRequest } from '../../src/search/nearest-neighbours.ts';
import { idsOf, openCatalogue, unitVector, type ContractEngine } from './engine.ts';

export function describeNearestNeighboursContract(engine: ContractEngine): void {
  describe(`nearest neighbours on ${engine.name}`, () => {
    test('the most similar come first with their cosine, ties by id, excluded rows not at all', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (let id = 1; id <= 6; id += 1) {
        await add({ name: `R${id}` });
        await embed(id, unitVector(id <= 2 ? 3 : id));
      }
      const nearest = (request: Partial<NearestRequest>) =>
        stores.neighbours.nearest({
          vector: unitVector(3),
          limit: 10,
          filters: {},
          excludedIds: [],
          modelVersion,
          ...request,
        });
      const all = await nearest({});
      assert.deepEqual(idsOf(all), [1, 2, 3, 4, 5, 6]);
      for (const { id, score } of all)
        assert.ok(Math.abs(score - Math.cos(Math.max(0, id - 3) / 10)) < 1e-6, `${id}: ${score}`);
      assert.deepEqual(idsOf(await nearest({ limit: 2, excludedIds: [1] })), [2, 3]);
      assert.deepEqual(idsOf(await nearest({ limit: 2 })), [1, 2]);
    });

    test('filters apply inside the search: as many rows are found as match', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (let id = 1; id <= 30; id += 1) {
        await add({ name: `R${id}`, rating: id % 10 === 0 ? 5 : 1, location: id > 20 ? 'BH' : 'SP' });
        await embed(id);
      }
      const nearest = async (filters: NearestRequest['filters']) =>
        idsOf(
          await stores.neighbours.nearest({
            vector: unitVector(1),
            limit: 3,
            filters,
            excludedIds: [],
            modelVersion,
          }),
        );
      assert.deepEqual(await nearest({ minRating: 5 }), [10, 20, 30]);
      assert.deepEqual(await nearest({ location: 'bh', minRating: 1 }), [21, 22, 23]);
      assert.deepEqual(await nearest({ minRating: 5, location: 'bh' }), [30]);
      assert.deepEqual(await nearest({ embedded: false }), []);
    });

    test('edited, deleted and renewed rows are found as they are now, also when another process wrote them', async (t) => {
      const { stores, add, embed, modelVersion, openAnother } = await openCatalogue(engine, t);
      for (let id = 1; id <= 4; id += 1) {
        await add({ name: `R${id}` });
        await embed(id);
      }
      const nearest = async () =>
        idsOf(
          await stores.neighbours.nearest({
            vector: unitVector(1),
            limit: 10,
            filters: {},
            excludedIds: [],
            modelVersion,
          }),
        );
      assert.deepEqual(await nearest(), [1, 2, 3, 4]);
      await stores.restaurants.put(1, restaurantFieldsSchema.parse({ name: 'Other' }), { modelVersion });
      assert.deepEqual(await nearest(), [2, 3, 4]);
      await embed(1, unitVector(9));
      assert.deepEqual(await nearest(), [2, 3, 4, 1]);
      const other = await openAnother();
      await other.restaurants.delete(2);
      assert.deepEqual(await nearest(), [3, 4, 1]);
      assert.ok((await stores.neighbours.releaseMemory()) >= 0);
      assert.deepEqual(await nearest(), [3, 4, 1]);
    });
  });

  describe(`the map on ${engine.name}`, () => {
    test('every restaurant is on it, the most viewed first, with a position where it has a vector', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (let id = 1; id <= 12; id += 1) {
        await add({ name: `R${id}`, cuisineType: 'Thai' });
        if (id <= 10) await embed(id);
      }
      await stores.restaurants.addViews(new Map([[12, 1]]));
      const { points, total, fit } = await stores.map.points(11, modelVersion);
      assert.deepEqual([total, points.length, points[0]?.id], [12, 11, 12]);
      assert.equal(points[0]?.position, undefined);
      for (const { id, position } of points.filter((point) => point.id <= 10)) {
        assert.ok(
          position?.every((value) => Math.abs(value) <= 1),
          `${id}: ${position?.join()}`,
        );
        assert.deepEqual(await stores.map.position(id, modelVersion), { fit, position });
      }
      const without = await stores.map.points(100, undefined);
      assert.ok(without.points.every(({ position }) => position === undefined));
    });
  });
}
