/** Both ways of searching vectors give what a brute-force scan gives, whatever the catalogue, filter and history. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from './support/properties.ts';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import type { RestaurantFilters } from '../src/catalog/restaurant-filters.ts';
import type { Neighbour } from '../src/similarity/vector-index.ts';
import { createCurrentGeneration } from '../src/store/current-generation.ts';
import { createCurrentVectors } from '../src/store/current-vectors.ts';
import { createEmbeddingStore } from '../src/store/embedding-store.ts';
import { createSaveVector } from '../src/store/save-vector.ts';
import { createMatrixVectorIndex } from '../src/store/matrix-vector-index.ts';
import { openDatabase } from '../src/store/open-database.ts';
import { createRestaurantStore } from '../src/store/restaurant-store.ts';
import { createSqliteVectorIndex } from '../src/store/sqlite-vector-index.ts';
import { createVectorChanges } from '../src/store/vector-changes.ts';

const DIMENSIONS = 8;

/** Deterministic unit vector; few seeds, so that ties happen. */
function unitVector(seed: number): Float32Array {
  const raw = Array.from({ length: DIMENSIONS }, (_, i) => Math.sin((seed + 1) * (i + 1) * 12.9898));
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
}

interface Row {
  readonly rating: number;
  seed: number;
  text: number;
}

async function openCatalogue() {
  const database = openDatabase(':memory:');
  const current = createCurrentGeneration();
  const changes = createVectorChanges();
  const vectors = createCurrentVectors(database, current);
  const restaurants = createRestaurantStore(database, current, changes);
  const embeddings = createEmbeddingStore(
    database,
    current,
    changes,
    createSaveVector(database, current, changes),
  );
  const onDisk = createSqliteVectorIndex(database, current, vectors);
  const inMemory = createMatrixVectorIndex(current, vectors, changes);
  const expected = new Map<number, Row>();
  const useModel = (model: string) =>
    embeddings.useGeneration({ model, sha256: model, templateVersion: 1, dimensions: DIMENSIONS });

  async function embed(id: number, seed: number): Promise<void> {
    const source = await embeddings.findSource(id);
    await embeddings.save({ restaurantId: id, textHash: source?.textHash ?? '', vector: unitVector(seed) });
    const row = expected.get(id);
    if (row) row.seed = seed;
  }
  return { database, restaurants, onDisk, inMemory, expected, useModel, embed };
}

type Catalogue = Awaited<ReturnType<typeof openCatalogue>>;

function bruteForce(
  { expected }: Catalogue,
  query: Float32Array,
  filters: RestaurantFilters,
  excluded: number[],
): Neighbour[] {
  return [...expected]
    .filter(
      ([id, { seed, rating }]) => seed >= 0 && rating >= (filters.minRating ?? 0) && !excluded.includes(id),
    )
    .map(([id, { seed }]) => ({
      id,
      score: unitVector(seed).reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0),
    }))
    .sort((a, b) => b.score - a.score || a.id - b.id);
}

async function assertSame(
  catalogue: Catalogue,
  query: Float32Array,
  limit: number,
  filters: RestaurantFilters,
  excludedIds: number[],
) {
  const oracle = bruteForce(catalogue, query, filters, excludedIds);
  for (const index of [catalogue.onDisk, catalogue.inMemory]) {
    const found = await index.nearest({ vector: query, limit, filters, excludedIds });
    assert.deepEqual(
      found.map(({ id }) => id),
      oracle.slice(0, limit).map(({ id }) => id),
    );
  }
}

test('sqlite-vec, the int8 matrix and a brute-force scan agree through inserts, edits, deletes and a change of model', async () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'add', 'embed', 'embed', 'edit', 'delete'),
    target: fc.nat(40),
    seed: fc.nat(60),
    rating: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.record({
        seed: fc.nat(60),
        limit: fc.integer({ min: 1, max: 12 }),
        minRating: fc.option(fc.integer({ min: 0, max: 5 })),
      }),
      async (steps, { seed, limit, minRating }) => {
        const catalogue = await openCatalogue();
        const { restaurants, expected, embed, useModel, inMemory } = catalogue;
        await useModel('first');
        await inMemory.fill();
        for (const { kind, target, seed: own, rating } of steps) {
          const id = [...expected.keys()][target % Math.max(1, expected.size)];
          if (kind === 'add') {
            const { id: added } = await restaurants.create(
              restaurantFieldsSchema.parse({ name: `R${expected.size}`, rating }),
            );
            expected.set(added, { rating, seed: -1, text: 0 });
            if (own % 3 > 0) await embed(added, own);
          } else if (id !== undefined && kind === 'embed') await embed(id, own);
          else if (id !== undefined && kind === 'edit') {
            const row = expected.get(id);
            if (row) Object.assign(row, { seed: -1, text: row.text + 1 });
            await restaurants.update(
              id,
              (now) => restaurantFieldsSchema.strip().parse({ ...now, name: `${now.name}!` }),
              undefined,
            );
          } else if (id !== undefined) {
            expected.delete(id);
            await restaurants.delete(id, undefined);
          }
        }
        const filters = minRating === null ? {} : { minRating };
        const [some] = expected.keys();
        await assertSame(catalogue, unitVector(seed), limit, filters, some === undefined ? [] : [some]);

        await useModel('second');
        for (const row of expected.values()) row.seed = -1;
        await inMemory.fill();
        if (some !== undefined) await embed(some, 5);
        await assertSame(catalogue, unitVector(seed), limit, filters, []);
      },
    ),
    { numRuns: 150 },
  );
});

test('a large catalogue with rare and common matches gives the rows of a brute-force scan', async () => {
  const catalogue = await openCatalogue();
  const { restaurants, expected, embed, useModel, inMemory } = catalogue;
  await useModel('first');
  for (let i = 0; i < 3_000; i += 1) {
    const rating = i % 100 === 0 ? 5 : i % 2;
    const { id } = await restaurants.create(restaurantFieldsSchema.parse({ name: `R${i}`, rating }));
    expected.set(id, { rating, seed: -1, text: 0 });
    await embed(id, i);
  }
  await inMemory.fill();
  for (const minRating of [0, 1, 5]) {
    for (const seed of [1, 500, 2_999])
      await assertSame(catalogue, unitVector(seed), 10, { minRating }, [1, 2, 3]);
  }
});
