/** The contracts of lookups by externalId, attributes, facets, suggestions, and of the ChangeLog port. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import { idsOf, openCatalogue, type ContractEngine } from './engine.ts';

export function describeFindingContract(engine: ContractEngine): void {
  describe(`finding restaurants on ${engine.name}`, () => {
    test('externalIds are found exactly as they are, unknown ones left out', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      await add({ name: 'A', externalId: 'a' });
      await add({ name: 'B', externalId: 'á,"' });
      await add({ name: 'C' });
      const found = await stores.restaurants.findByExternalIds(['á,"', 'A', 'a', 'zz'], modelVersion);
      assert.deepEqual(
        idsOf(found).toSorted((a, b) => a - b),
        [1, 2],
      );
    });

    test('attributes are stored as they are and filtered by top-level text, numbers and booleans', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const attributes = {
        delivery: true,
        seats: 40,
        note: 'São "x"',
        tags: ['a'],
        hours: { mon: '9-5' },
        none: null,
      };
      await add({ name: 'A', attributes });
      await add({ name: 'B', attributes: { delivery: 'true', seats: 4.5 } });
      await add({ name: 'C', attributes: { delivery: false } });
      await add({ name: 'D' });
      assert.deepEqual((await stores.restaurants.find(1, modelVersion))?.attributes, attributes);
      const idsWith = async (wanted: Record<string, string>) => {
        const filters = { attributes: wanted };
        return idsOf((await stores.restaurants.list({ filters, sort: 'id', limit: 10, modelVersion })).items);
      };
      assert.deepEqual(await idsWith({ delivery: 'true' }), [1, 2]);
      assert.deepEqual(await idsWith({ delivery: 'true', seats: '40' }), [1]);
      assert.deepEqual(await idsWith({ seats: '4.5' }), [2]);
      assert.deepEqual(await idsWith({ note: 'São "x"' }), [1]);
      assert.deepEqual(await idsWith({ delivery: 'false' }), [3]);
      for (const [key, value] of [
        ['tags', '["a"]'],
        ['hours', '{"mon":"9-5"}'],
        ['none', 'null'],
        ["x' OR 1", '1'],
      ]) {
        assert.deepEqual(await idsWith({ [key ?? '']: value ?? '' }), []);
      }
    });

    test('updatedSince includes rows that were changed at that moment or later', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      await add({ name: 'A' });
      const { updatedAt } = await add({ name: 'B' });
      const since = async (updatedSince: string) =>
        (await stores.restaurants.list({ filters: { updatedSince }, sort: 'id', limit: 9, modelVersion }))
          .items;
      assert.ok(idsOf(await since(updatedAt)).includes(2));
      assert.deepEqual(await since(new Date(Date.parse(updatedAt) + 1).toISOString()), []);
      assert.equal((await since('2000-01-01T00:00:00.000Z')).length, 2);
    });

    test('facets count the rows that match, without regard to case and accents, most frequent first', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      await add({ name: 'A', cuisineType: 'Árabe', priceLevel: 1, location: 'Centro' });
      await add({ name: 'B', cuisineType: 'arabe', priceLevel: 2, location: 'Centro' });
      await add({ name: 'C', cuisineType: 'Mineira', priceLevel: 2 });
      await add({ name: 'D' });
      await embed(2);
      const count = (filters: object, query?: string) =>
        stores.restaurants.countFacets({
          filters,
          query,
          modelVersion,
          limit: 2,
          fields: ['cuisineType', 'priceLevel', 'location'],
        });
      const all = await count({});
      assert.deepEqual(
        all.cuisineType?.map(({ count: rows }) => rows),
        [2, 1],
      );
      assert.deepEqual(all.priceLevel, [
        { value: 2, count: 2 },
        { value: 1, count: 1 },
      ]);
      assert.deepEqual(all.location, [{ value: 'Centro', count: 2 }]);
      assert.deepEqual((await count({ embedded: true })).priceLevel, [{ value: 2, count: 1 }]);
      assert.deepEqual((await count({ priceLevels: [1] })).cuisineType, [{ value: 'Árabe', count: 1 }]);
      assert.deepEqual((await count({}, 'mineira')).location, []);
    });

    test('suggestions begin with the prefix, each value once, in alphabetical order', async (t) => {
      const { stores, add } = await openCatalogue(engine, t);
      for (const name of ['Ção', 'Cao', 'Casa B', 'casa b', 'Bar'])
        await add({ name, cuisineType: 'Caseira' });
      await add({ name: 'Zé', location: 'Caeté' });
      const suggest = async (prefix: string, limit = 10) =>
        (await stores.restaurants.suggest(prefix, limit)).map(
          ({ kind, text }) => `${kind} ${text.toLowerCase()}`,
        );
      const found = await suggest('CA');
      assert.deepEqual(
        [found[0], found[2], found[3]],
        ['cuisineType caseira', 'name casa b', 'location caeté'],
      );
      assert.match(found[1] ?? '', /^name c[aã]o|ção$/u);
      assert.equal(found.length, 4);
      assert.equal((await suggest('ca', 1)).length, 3);
      assert.deepEqual(await suggest('x%_'), []);
    });
  });

  describe(`the log of changes on ${engine.name}`, () => {
    test('it lists what was created, updated, embedded and deleted, and goes on where it ended', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      const read = async (after: string, limit = 100) => {
        const { changes, next } = await stores.changeLog.list(after, limit);
        return { next, changes: changes.map(({ restaurantId, kind }) => `${restaurantId} ${kind}`) };
      };
      assert.deepEqual(await read('0'), { next: '0', changes: [] });
      await add({ name: 'A' });
      await add({ name: 'B' });
      const first = await read('0', 1);
      assert.deepEqual(first.changes, ['1 created']);
      const second = await read(first.next);
      assert.deepEqual(second.changes, ['2 created']);
      await embed(1);
      const put = (name: string) =>
        stores.restaurants.put(1, restaurantFieldsSchema.parse({ name }), { modelVersion });
      await put('A2');
      await put('A2');
      await stores.restaurants.addViews(new Map([[1, 5]]));
      await stores.imports.importBatch([{ line: 1, id: 2, fields: { name: 'B2' } }], {
        skipExisting: false,
        dryRun: false,
      });
      const third = await read(second.next);
      assert.deepEqual(third.changes, ['1 embedded', '1 updated', '2 updated']);
      assert.deepEqual(await read(third.next), { next: third.next, changes: [] });
      await stores.restaurants.delete(1);
      assert.deepEqual((await read(third.next)).changes, ['1 deleted']);
      assert.deepEqual((await read('0')).changes, ['2 created', '2 updated', '1 deleted']);
    });
  });
}
