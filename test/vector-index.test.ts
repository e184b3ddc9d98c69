/** Both ways of searching vectors give what a brute-force scan gives, whatever the catalogue, filter and history. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestaurantFilters } from '../src/catalog/restaurant-filters.ts';
import { createInt8Index } from '../src/vector-index/int8-index.ts';
import { fc } from './support/properties.ts';
import {
  assertExact,
  DIMENSIONS,
  openCatalogue,
  unitVector,
  type Catalogue,
} from './support/vector-catalogue.ts';

const cuisines = ['mineira', 'thai', 'rara'];
const places = ['Bairro A, Recife', 'Bairro B, Recife', 'London'];
const filterKinds: Record<string, fc.Arbitrary<RestaurantFilters>> = {
  none: fc.constant({}),
  cuisine: fc.subarray(cuisines, { minLength: 1 }).map((cuisineTypes) => ({ cuisineTypes })),
  rating: fc.integer({ min: 0, max: 5 }).map((minRating) => ({ minRating })),
  price: fc.subarray([1, 2, 3, 4], { minLength: 1 }).map((priceLevels) => ({ priceLevels })),
  location: fc.constantFrom('recife', 'bairro b', 'nowhere').map((location) => ({ location })),
  near: fc
    .integer({ min: 0, max: 2_000 })
    .map((radiusKm) => ({ near: { latitude: -8, longitude: -35, radiusKm } })),
  embedded: fc.boolean().map((embedded) => ({ embedded })),
  several: fc.integer({ min: 2, max: 4 }).map((minRating) => ({ minRating, priceLevels: [1, 2] })),
};

/** The oracle compares as stored; the store folds case, so places are matched in lower case. */
const fieldsOf = (seed: number) => ({
  cuisineType: seed % 50 === 0 ? 'rara' : (cuisines[seed % 2] ?? null),
  rating: seed % 6,
  priceLevel: (seed % 4) + 1,
  location: (places[seed % 3] ?? '').toLowerCase(),
  latitude: -8 + (seed % 10),
  longitude: -35 - (seed % 7),
});

/** Of 64 seeds, so that on average four rows share a vector, and half of the rows one vector: many more than any margin. */
const vectorOf = (seed: number) => unitVector(seed % 2 === 0 ? 0 : seed % 64);

async function fillUp(catalogue: Catalogue, seeds: readonly number[]): Promise<number[]> {
  const ids: number[] = [];
  for (const seed of seeds) ids.push(await catalogue.add(fieldsOf(seed)));
  // Not in the order of ids: what is next to each other in memory says nothing about the order of ties.
  for (const id of ids.toSorted((a, b) => ((a * 7) % 31) - ((b * 7) % 31))) {
    await catalogue.embed(id, vectorOf(seeds[ids.indexOf(id)] ?? 0));
  }
  return ids;
}

const step = fc.record({
  kind: fc.constantFrom('add', 'embed', 'embed', 'edit', 'delete', 'delete'),
  target: fc.nat(1_000),
  seed: fc.nat(255),
});
type Step = { readonly kind: string; readonly target: number; readonly seed: number };

async function apply(catalogue: Catalogue, { kind, target, seed }: Step): Promise<void> {
  const ids = [...catalogue.expected.keys()];
  const id = ids[target % Math.max(1, ids.length)];
  if (kind === 'add') await catalogue.embed(await catalogue.add(fieldsOf(seed)), vectorOf(seed));
  else if (id === undefined) return;
  else if (kind === 'embed') await catalogue.embed(id, vectorOf(seed));
  else if (kind === 'edit') await catalogue.rename(id);
  else await catalogue.remove(id);
}

test('sqlite-vec, the int8 index and a brute-force scan agree through inserts, edits, deletes and a change of model, also while the index is being filled', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(255), { minLength: 20, maxLength: 120 }),
      fc.array(step, { maxLength: 40 }),
      fc.array(step, { maxLength: 10 }),
      fc.record({
        seed: fc.nat(255),
        limit: fc.constantFrom(1, 3, 10, 40, 100),
        filters: fc.oneof(...Object.values(filterKinds)),
        excluded: fc.nat(30),
      }),
      async (seeds, during, after, { seed, limit, filters, excluded }) => {
        const catalogue = await openCatalogue();
        const { expected, inMemory } = catalogue;
        await catalogue.useModel('first');
        await fillUp(catalogue, seeds);
        const filling = inMemory.fill(catalogue.modelVersion());
        for (const one of during) {
          await apply(catalogue, one);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await filling;
        const query = () => ({
          vector: unitVector(seed),
          limit,
          filters,
          excludedIds: [...expected.keys()].slice(0, excluded),
        });
        await assertExact(catalogue, query());
        for (const one of after) await apply(catalogue, one);
        await assertExact(catalogue, query());
        await catalogue.useModel('second');
        assert.ok(!inMemory.isFilled(catalogue.modelVersion()));
        await inMemory.fill(catalogue.modelVersion());
        for (const id of [...expected.keys()].slice(0, 30)) await catalogue.embed(id, vectorOf(id));
        await assertExact(catalogue, query());
      },
    ),
    { numRuns: 80 },
  );
});

test('every kind of filter gives the rows of a brute-force scan, rare or common, again after something was written', async () => {
  const catalogue = await openCatalogue();
  await catalogue.useModel('first');
  const ids = await fillUp(
    catalogue,
    Array.from({ length: 300 }, (_, i) => (i * 37) % 256),
  );
  await catalogue.inMemory.fill(catalogue.modelVersion());
  const rare = { vector: unitVector(17), limit: 10, filters: { cuisineTypes: ['rara'] }, excludedIds: [] };
  await assertExact(catalogue, rare);
  await catalogue.embed(await catalogue.add(fieldsOf(50)), unitVector(18));
  await assertExact(catalogue, rare);
  for (const [kind, filters] of Object.entries(filterKinds)) {
    for (const given of fc.sample(filters, 4)) {
      for (const limit of [1, 10, 100]) {
        const query = { vector: unitVector(17), limit, filters: given, excludedIds: ids.slice(0, 5) };
        await assertExact(catalogue, query);
        await catalogue.remove([...catalogue.expected.keys()][7] ?? 0);
        await catalogue.embed(await catalogue.add(fieldsOf(0)), query.vector);
        await assertExact(catalogue, query);
      }
    }
    assert.ok(catalogue.expected.size > 100, kind);
  }
});

test('of a hundred equal vectors the lowest ids are given, and beyond the four thousand that sqlite-vec can give', async () => {
  const catalogue = await openCatalogue();
  await catalogue.useModel('first');
  for (const count of [100, 4_200]) {
    while (catalogue.expected.size < count) await catalogue.add({});
    const ids = [...catalogue.expected.keys()];
    for (const id of ids.toReversed()) {
      if (!catalogue.expected.get(id)?.vector) await catalogue.embed(id, unitVector(3));
    }
    await catalogue.inMemory.fill(catalogue.modelVersion());
    await assertExact(catalogue, {
      vector: unitVector(3),
      limit: 10,
      filters: {},
      excludedIds: [ids[2] ?? 0],
    });
  }
});

test('a row that a deletion moves to where a search has looked already is found all the same', async () => {
  const catalogue = await openCatalogue();
  await catalogue.useModel('first');
  for (let i = 0; i < 200; i += 1) await catalogue.embed(await catalogue.add({}), unitVector(2 * i + 1));
  await catalogue.inMemory.fill(catalogue.modelVersion());
  for (let round = 1; round <= 10; round += 1) {
    // The best row lies in the last slab; deleting one of the first slab puts it there.
    const query = { vector: unitVector(1_001 + 2 * round), limit: 3, filters: {}, excludedIds: [] };
    const best = await catalogue.add({});
    await catalogue.embed(best, query.vector);
    const searching = catalogue.inMemory.nearest({
      ...query,
      modelVersion: catalogue.modelVersion(),
    });
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await catalogue.remove(round);
    assert.equal((await searching)[0]?.id, best);
    await assertExact(catalogue, query);
  }
  for (const id of [...catalogue.expected.keys()].slice(1)) await catalogue.remove(id);
  const oneSlab = 16 * (DIMENSIONS + 8);
  assert.equal(catalogue.inMemory.drop(), oneSlab, 'deleted rows take no memory');
});

test('the int8 index bounds the score of every row that it leaves out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(9_999), { minLength: 5, maxLength: 60 }),
      fc.nat(9_999),
      async (seeds, own) => {
        const index = createInt8Index(8, 4);
        seeds.forEach((seed, i) => index.set(i, unitVector(seed)));
        const query = unitVector(own);
        const { ids, beyond } = await index.nearest(query, 3);
        assert.equal(ids.length, 3);
        seeds.forEach((seed, id) => {
          const score = unitVector(seed).reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
          assert.ok(ids.includes(id) || score <= beyond, `${score} beyond ${beyond}`);
        });
      },
    ),
  );
});
