/** Properties that hold for any input: cursors, merge patches, filters, text that is hard to handle. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fieldNames, patchFields } from '../src/catalog/patch-restaurant.ts';
import {
  restaurantFieldsSchema,
  restaurantPatchSchema,
  type RestaurantFields,
} from '../src/catalog/restaurant.ts';
import { restaurantSorts } from '../src/catalog/restaurant-store.ts';
import { decodeCursor, encodeCursor } from '../src/http/contract/cursor.ts';
import { Problem } from '../src/http/contract/problem.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { termsOf } from './support/query-terms.ts';
import { fc } from './support/properties.ts';

const stores = await openStores({ databasePath: ':memory:', int8IndexMinRows: 1_000 });
const noModel = { modelVersion: undefined };
before(async () => {
  for (let i = 0; i < 40; i += 1) {
    const name = `Casa ${i % 7}`;
    await stores.restaurants.create(
      restaurantFieldsSchema.parse({
        name,
        rating: i % 3 === 0 ? null : i % 5,
        priceLevel: (i % 4) + 1,
        cuisineType: i % 2 === 0 ? 'Árabe' : null,
      }),
      noModel,
    );
  }
});
after(() => stores.close());

/** Lone surrogates, NUL, bidirectional marks, combining marks, operators of FTS5, very long text. */
const hardText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '\uD800',
    'a\u0000b',
    '\u202Eabc',
    '"',
    '" OR *',
    'NEAR(a b)',
    'a AND NOT',
    '(',
    'é'.repeat(50_000),
    '𝕏'.repeat(50_000),
    ' ',
    '*',
  ),
);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const wellFormed = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', maxLength })
    .map((text) => text.replaceAll('\0', '').slice(0, maxLength).toWellFormed());
/** Adding 0 makes -0 to 0: JSON has no negative zero. */
const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true }).map((value) => value + 0);
const place = fc.record({ latitude: degrees(90), longitude: degrees(180) });
const fieldsArbitrary: fc.Arbitrary<RestaurantFields> = fc
  .record({
    externalId: fc.constant(null),
    name: wellFormed(50).map((name) => name.trim() || 'x'),
    cuisineType: nullable(wellFormed(30)),
    description: nullable(wellFormed(200)),
    rating: nullable(fc.double({ min: 0, max: 5, noNaN: true }).map((rating) => rating + 0)),
    priceLevel: nullable(fc.integer({ min: 1, max: 4 })),
    location: nullable(wellFormed(50)),
    place: nullable(place),
    attributes: nullable(
      fc.dictionary(
        wellFormed(20).filter((key) => key !== '' && key !== '__proto__'),
        fc.jsonValue({ maxDepth: 3, noUnicodeString: true }),
        { noNullPrototype: true },
      ),
    ),
  })
  .map(({ place: at, ...rest }) => ({
    ...rest,
    latitude: at?.latitude ?? null,
    longitude: at?.longitude ?? null,
  }));

test('a cursor leads back to where it was made, and no other text is taken for one', () => {
  const key = fc.oneof(
    hardText.map((text) => text.toWellFormed()),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...restaurantSorts),
      key,
      fc.integer({ min: 1, max: 2 ** 40 }),
      (sort, value, id) => {
        const position = { key: value, id };
        const listed = { filters: {}, query: undefined, sort };
        assert.deepEqual(decodeCursor(encodeCursor(listed, position), listed), position);
      },
    ),
  );
  fc.assert(
    fc.property(hardText, (text) => {
      assert.throws(() => decodeCursor(text, { filters: {}, sort: 'id' }), Problem);
    }),
  );
});

test('a merge patch sets what it names, keeps the rest, and is the same applied twice', () => {
  fc.assert(
    fc.property(
      fieldsArbitrary,
      fieldsArbitrary,
      fc.subarray(['name', 'cuisineType', 'description', 'rating', 'priceLevel', 'location'] as const),
      (current, wanted, names) => {
        const patch = restaurantPatchSchema.parse(
          Object.fromEntries(names.map((name) => [name, wanted[name]])),
        );
        const patched = patchFields(current, patch);
        for (const name of Object.keys(current) as (keyof RestaurantFields)[]) {
          assert.deepEqual(
            patched[name],
            (names as readonly string[]).includes(name) ? wanted[name] : current[name],
          );
        }
        assert.deepEqual(patchFields(patched, patch), patched);
      },
    ),
  );
});

test('what is stored is read back to the last character', async () => {
  await fc.assert(
    fc.asyncProperty(fieldsArbitrary, async (fields) => {
      const { id } = await stores.restaurants.create(fields, noModel);
      const restaurant = (await stores.restaurants.find(id, undefined)) ?? assert.fail();
      for (const name of fieldNames) assert.deepEqual(restaurant[name], fields[name], name);
      await stores.restaurants.delete(id);
    }),
    { numRuns: 60 },
  );
});

test('any text is a valid search, and a list filtered in any way is a part of the whole', async () => {
  const all = new Set(
    (await stores.restaurants.list({ filters: {}, sort: 'id', limit: 100, ...noModel })).items.map(
      ({ id }) => id,
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      hardText,
      nullable(fc.double({ min: 0, max: 5, noNaN: true })),
      fc.subarray([1, 2, 3, 4]),
      async (text, minRating, priceLevels) => {
        const filters = {
          ...(text !== '' && { location: text }),
          ...(minRating !== null && { minRating }),
          ...(priceLevels.length > 0 && { priceLevels }),
        };
        const { location: _location, ...others } = filters;
        const terms = await termsOf(stores.vocabulary, text);
        await stores.search.searchKeywords({ terms, filters: others, limit: 10, ...noModel });
        await stores.restaurants.list({ filters, query: text, sort: 'name', limit: 10, ...noModel });
        const { items, total } = await stores.restaurants.list({
          filters: others,
          sort: '-rating',
          limit: 100,
          ...noModel,
        });
        assert.equal(items.length, total);
        for (const { id, rating, priceLevel } of items) {
          assert.ok(all.has(id));
          assert.ok(minRating === null || (rating ?? -1) >= minRating);
          assert.ok(priceLevels.length === 0 || priceLevels.includes(priceLevel ?? 0));
        }
      },
    ),
    { numRuns: 60 },
  );
});
