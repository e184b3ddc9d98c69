/** Both storage engines give the same answers for random catalogues and requests. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import type { RestaurantFilters } from '../src/catalog/restaurant-filters.ts';
import { facetFields, restaurantSorts } from '../src/catalog/restaurant-store.ts';
import { openStores, type Stores } from '../src/storage/open-stores.ts';
import type { Neighbour } from '../src/search/nearest-neighbours.ts';
import { contractModel, idsOf } from './contract/engine.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';

const RUNS = 8;
/** Single precision adds up in another order, so that cosines differ by less than this. */
const EQUAL_SCORES = 1e-5;

const word = fc.constantFrom('casa', 'Café', 'pão', 'SÃO', 'grill', 'Ártico', 'the', '寿司', 'x1', "d'água");
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const unit = fc
  .array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));
const place = fc.record({
  latitude: fc.integer({ min: -90, max: 90 }),
  longitude: fc.integer({ min: -180, max: 180 }),
});
const row = fc.record({
  name: text,
  cuisineType: optional(fc.constantFrom('Mineira', 'mineirá', 'Thai', 'Árabe')),
  description: optional(text),
  rating: optional(fc.integer({ min: 0, max: 10 }).map((value) => value / 2)),
  priceLevel: optional(fc.integer({ min: 1, max: 4 })),
  location: optional(
    fc.constantFrom('Savassi, Belo Horizonte', 'Rio de Janeiro', 'Porto', 'Portobello, London'),
  ),
  place: optional(place),
  vector: optional(unit),
  views: fc.integer({ min: 0, max: 3 }),
});
const filters: fc.Arbitrary<RestaurantFilters> = fc.record(
  {
    cuisineTypes: fc.array(fc.constantFrom('mineira', 'THAI', 'none'), { maxLength: 2 }),
    minRating: fc.integer({ min: 0, max: 5 }),
    priceLevels: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
    location: fc.constantFrom('rio', 'porto', 'belo horizonte', 'london', '  '),
    near: fc.record({
      latitude: fc.integer({ min: -90, max: 90 }),
      longitude: fc.integer({ min: -180, max: 180 }),
      radiusKm: fc.constantFrom(500, 5_000, 15_000),
    }),
    embedded: fc.boolean(),
  },
  { requiredKeys: [] },
);
const request = fc.record({
  filters,
  query: fc.option(text, { nil: undefined }),
  // The time of creation is each engine's own.
  sort: fc.constantFrom(...restaurantSorts.filter((sort) => !sort.endsWith('createdAt'))),
  limit: fc.integer({ min: 1, max: 8 }),
  vector: unit,
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

async function fill(stores: Stores, rows: readonly Row[], firstId: number): Promise<void> {
  const modelVersion = await stores.modelVersions.register(contractModel);
  const fillOne = async ({ place: at, vector, views, ...fields }: Row, index: number) => {
    const id = firstId + index;
    await stores.restaurants.put(id, restaurantFieldsSchema.parse({ ...fields, ...at }), { modelVersion });
    if (views > 0) await stores.restaurants.addViews(new Map([[id, views]]));
    const { textHash = '' } = (await stores.embeddings.findSource(id, modelVersion)) ?? {};
    if (vector) await stores.embeddings.save({ restaurantId: id, textHash, vector, modelVersion });
  };
  await Promise.all(rows.map(fillOne));
}

async function answers(stores: Stores, given: Request) {
  const modelVersion = await stores.modelVersions.register(contractModel);
  const { restaurants, search, neighbours } = stores;
  const pages: number[][] = [];
  for (let position; pages.length < 20;) {
    const page = await restaurants.list({ ...given, after: position, modelVersion });
    pages.push([page.total, ...idsOf(page.items)]);
    position = page.next;
    if (!position) break;
  }
  const hints = { cuisineType: 'Mineira' };
  const nearest = await neighbours.nearest({ ...given, excludedIds: [], modelVersion });
  const others = {
    pages,
    counted: await search.countMatches(given.filters, modelVersion),
    candidates: await search.listCandidates({ ...given, hints, modelVersion }),
    topRated: await search.listTopRated({ ...given, excludedIds: [], modelVersion }),
    facets: await restaurants.countFacets({ ...given, fields: facetFields, limit: 3, modelVersion }),
    cuisines: (await restaurants.cuisines(3)).length,
    suggestions: (await restaurants.suggest(given.query ?? 'c', 3)).length,
    counts: await stores.embeddings.counts(modelVersion),
    mapped: idsOf((await stores.map.points(10, modelVersion)).points),
  };
  return { nearest, others };
}

/** The same rows with the same scores; only rows as similar as the last one may be others. */
function assertSameNeighbours(one: readonly Neighbour[], other: readonly Neighbour[], limit: number): void {
  assert.equal(other.length, one.length);
  for (const [i, { score }] of one.entries()) {
    assert.ok(Math.abs(score - (other[i]?.score ?? NaN)) < EQUAL_SCORES, `score ${i + 1}: ${score}`);
  }
  const last = one.length < limit ? -Infinity : (one.at(-1)?.score ?? -Infinity);
  const certain = (found: readonly Neighbour[]) => found.filter(({ score }) => score > last + EQUAL_SCORES);
  for (const [found, among] of [
    [one, other],
    [other, one],
  ] as const) {
    const ids = new Set(idsOf(among));
    assert.deepEqual(
      idsOf(certain(found)).filter((id) => !ids.has(id)),
      [],
    );
  }
}

const database = noPostgres ? undefined : await createPostgresDatabase();
after(() => database?.drop());

test(
  'lists, filters, similarity, candidates and counts are the same on both engines',
  { skip: noPostgres },
  async (t) => {
    const sqlite = await openStores({ databasePath: ':memory:', int8IndexMinRows: 1_000 });
    const postgres = await openStores({
      databasePath: '',
      databaseUrl: database?.url ?? '',
      int8IndexMinRows: 1_000,
    });
    t.after(() => Promise.all([sqlite.close(), postgres.close()]));
    let nextId = 1;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 15 }),
        fc.array(request, { minLength: 4, maxLength: 4 }),
        async (rows, requests) => {
          const firstId = nextId;
          nextId += rows.length;
          await Promise.all([fill(sqlite, rows, firstId), fill(postgres, rows, firstId)]);
          try {
            for (const given of requests) {
              const [one, other] = await Promise.all([answers(sqlite, given), answers(postgres, given)]);
              assert.deepEqual(other.others, one.others);
              assertSameNeighbours(one.nearest, other.nearest, given.limit);
            }
          } finally {
            for (let id = firstId; id < nextId; id += 1) {
              await Promise.all([sqlite.restaurants.delete(id), postgres.restaurants.delete(id)]);
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  },
);
