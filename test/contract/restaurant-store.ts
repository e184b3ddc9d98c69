/** The contract of the RestaurantStore port: single rows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import { isCode, openCatalogue, type ContractEngine } from './engine.ts';

const fieldsOf = (name: string, more = {}) => restaurantFieldsSchema.parse({ name, ...more });

const refuse = () => {
  throw new RangeError('not like this');
};

export function describeRestaurantStoreContract(engine: ContractEngine): void {
  describe(`restaurants on ${engine.name}`, () => {
    test('a restaurant is read back as it was created, to the last character', async (t) => {
      const { stores, modelVersion } = await openCatalogue(engine, t);
      const fields = fieldsOf('Ação 🍲 "quoted"', {
        externalId: 'bh-1',
        cuisineType: 'Mineira',
        description: 'Tutu,\nfeijão; e \u0301acentos',
        rating: 4.625,
        priceLevel: 2,
        location: 'Savassi',
        latitude: -19.9352,
        longitude: -43.9332,
      });
      const created = await stores.restaurants.create(fields, { modelVersion });
      const found = await stores.restaurants.find(created.id, modelVersion);
      assert.deepEqual(found, created);
      const { id, createdAt, updatedAt, version, embedding, ...own } = created;
      assert.deepEqual(own, fields);
      assert.equal(createdAt, updatedAt);
      assert.equal(new Date(createdAt).toISOString(), createdAt);
      assert.deepEqual([id, version], [1, 1]);
      assert.deepEqual(embedding, { status: 'missing', model: null, createdAt: null });
    });

    test('an id without a row is not found, alone or among others', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      await add({ name: 'A' });
      assert.equal(await stores.restaurants.find(2, modelVersion), undefined);
      const many = await stores.restaurants.findMany([3, 1, 2, 1], modelVersion);
      assert.deepEqual(
        many.map(({ id }) => id),
        [1],
      );
      assert.deepEqual(await stores.restaurants.findMany([], modelVersion), []);
    });

    test('put creates a row under its id and replaces every field; an equal put changes nothing', async (t) => {
      const { stores, modelVersion } = await openCatalogue(engine, t);
      const { put } = stores.restaurants;
      const first = await put(7, fieldsOf('A', { rating: 3 }), { modelVersion });
      assert.deepEqual([first.created, first.restaurant.id, first.restaurant.version], [true, 7, 1]);
      const second = await put(7, fieldsOf('B'), { modelVersion });
      assert.deepEqual(
        [second.created, second.restaurant.version, second.restaurant.rating],
        [false, 2, null],
      );
      const same = await put(7, fieldsOf('B'), { modelVersion });
      assert.deepEqual(same.restaurant, second.restaurant);
      const next = await stores.restaurants.create(fieldsOf('C'), { modelVersion });
      assert.ok(next.id > 7, 'new ids continue above the highest one');
    });

    test('the id of a deleted row is never given to another', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      await stores.restaurants.delete(id);
      assert.equal(await stores.restaurants.find(id, modelVersion), undefined);
      assert.ok((await add({ name: 'B' })).id > id);
      await assert.rejects(stores.restaurants.delete(id), isCode('not-found'));
    });

    test('update applies a change once, and what the change throws passes through with nothing written', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id } = await add({ name: 'A' });
      const { update, find } = stores.restaurants;
      const changed = await update(id, (own) => fieldsOf(`${own.name}!`), { modelVersion });
      assert.deepEqual([changed.name, changed.version], ['A!', 2]);
      await assert.rejects(update(id, refuse, { modelVersion }), RangeError);
      assert.deepEqual(await find(id, modelVersion), changed);
      await assert.rejects(
        update(99, (own) => own, { modelVersion }),
        isCode('not-found'),
      );
    });

    test('a condition that does not hold refuses put, update and delete', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { id, createdAt, version } = await add({ name: 'A' });
      const seen = { createdAtMs: Date.parse(createdAt), version };
      const { put, update } = stores.restaurants;
      const stale = { match: [{ ...seen, version: 9 }] };
      const mismatch = isCode('version-mismatch');
      await assert.rejects(put(id, fieldsOf('B'), { modelVersion, condition: stale }), mismatch);
      await assert.rejects(put(id, fieldsOf('B'), { modelVersion, condition: { noneMatch: '*' } }), mismatch);
      await assert.rejects(
        update(id, (own) => own, { modelVersion, condition: stale }),
        mismatch,
      );
      await assert.rejects(stores.restaurants.delete(id, stale), mismatch);
      await assert.rejects(put(50, fieldsOf('B'), { modelVersion, condition: { match: '*' } }), mismatch);
      const done = await put(id, fieldsOf('B'), { modelVersion, condition: { match: [seen] } });
      assert.equal(done.restaurant.version, 2);
    });

    test('an externalId belongs to one row, which is reported without anything stored', async (t) => {
      const { stores, add, modelVersion } = await openCatalogue(engine, t);
      const { create, put, update, count } = stores.restaurants;
      await add({ name: 'A', externalId: 'x' });
      const other = await add({ name: 'B' });
      const taken = isCode('external-id-taken');
      await assert.rejects(create(fieldsOf('C', { externalId: 'x' }), { modelVersion }), taken);
      await assert.rejects(put(9, fieldsOf('C', { externalId: 'x' }), { modelVersion }), taken);
      await assert.rejects(
        update(other.id, (own) => fieldsOf(own.name, { externalId: 'x' }), { modelVersion }),
        taken,
      );
      assert.equal(await count(), 2);
    });

    test('createOnce creates once per key, returns the first answer again, and refuses other fields', async (t) => {
      const { stores, modelVersion, openAnother } = await openCatalogue(engine, t);
      const once = (name: string, key: string, from = stores) =>
        from.restaurants.createOnce(fieldsOf(name), key, { modelVersion });
      const first = await once('A', 'k1');
      assert.equal(first.replayed, false);
      assert.deepEqual(await once('A', 'k1'), { ...first, replayed: true });
      assert.deepEqual(await once('A', 'k1', await openAnother()), { ...first, replayed: true });
      await assert.rejects(once('B', 'k1'), isCode('idempotency-key-reused'));
      assert.equal((await once('A', 'k2')).replayed, false);
      assert.equal(await stores.restaurants.count(), 2);
    });
  });
}
