/** Lists that have to look at many rows: what they find, and that others have their turn meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RestaurantFilters } from '../src/catalog/restaurant-filters.ts';
import { restaurantSorts, type ListRequest } from '../src/catalog/restaurant-store.ts';
import { openStores } from '../src/storage/open-stores.ts';

const ROWS = 6_500;
const BATCH = 500;
const stores = await openStores({ databasePath: ':memory:', int8IndexMinRows: 100_000 });

/** Ties in every sort; names outside the basic plane; some without rating or place. */
const fieldsOf = (i: number) => ({
  name: `${['Casa', 'casa', 'Ôca', '\u{1F372} Sopa', '\uFF21 Bar'][i % 5]} ${i % 40}`,
  cuisineType: i % 3 === 0 ? 'Thai' : i % 3 === 1 ? 'Mineira' : null,
  rating: i % 7 === 0 ? null : (i % 11) / 2,
  location: i % 2 === 0 ? 'Savassi, Belo Horizonte' : 'Centro, Recife',
  latitude: i % 5 === 0 ? null : -20 + (i % 90) / 10,
  longitude: i % 5 === 0 ? null : -43,
});

before(async () => {
  for (let start = 0; start < ROWS; start += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => ({
      line: i,
      id: undefined,
      fields: { externalId: `row-${start + i}`, ...fieldsOf(start + i) },
    }));
    await stores.imports.importBatch(batch, { skipExisting: false, dryRun: false });
  }
});
after(() => stores.close());

const near = { latitude: -19, longitude: -43 };
const filterCases: Readonly<
  Record<string, { readonly filters: RestaurantFilters; readonly query?: string }>
> = {
  'a wide radius': { filters: { near: { ...near, radiusKm: 20_000 } } },
  'a small radius': { filters: { near: { ...near, radiusKm: 30 } } },
  'a place': { filters: { location: 'Recife', near } },
  'several cuisines': { filters: { cuisineTypes: ['thai', 'MINEIRA', 'Thai'], near } },
  'a rating': { filters: { minRating: 2, near } },
  'no vector': { filters: { embedded: false, near } },
  'a word': { filters: { near, minRating: 1 }, query: 'casa' },
};

const list = (request: Partial<ListRequest>) =>
  stores.restaurants.list({ filters: {}, sort: 'id', limit: 100, modelVersion: undefined, ...request });

async function listAll(request: Partial<ListRequest>): Promise<number[]> {
  const ids: number[] = [];
  let position: ListRequest['after'];
  do {
    const page = await list({ ...request, limit: 1_300, after: position });
    ids.push(...page.items.map(({ id }) => id));
    position = page.next;
    assert.ok(page.total >= page.items.length);
  } while (position);
  return ids;
}

test('with any filter and sort, paging returns each matching row once, as the unfiltered order has it', async () => {
  const unfiltered = new Map<string, readonly number[]>();
  for (const sort of restaurantSorts) if (sort !== 'distance') unfiltered.set(sort, await listAll({ sort }));
  for (const [name, filtered] of Object.entries(filterCases)) {
    const matching = new Set(await listAll({ ...filtered, sort: 'id' }));
    for (const sort of restaurantSorts) {
      const ids = await listAll({ ...filtered, sort });
      const order = unfiltered.get(sort)?.filter((id) => matching.has(id)) ?? ids;
      assert.deepEqual(ids, order, `${name}, ${sort}`);
      assert.equal(new Set(ids).size, matching.size, `${name}, ${sort}`);
    }
    assert.ok(matching.size > 0 && matching.size <= ROWS, name);
  }
});

test('a wide scan lets other work run between its slices', async () => {
  const filters = { near: { ...near, radiusKm: 20_000 } };
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  for (const read of [
    () => list({ filters, sort: 'distance' }),
    () => stores.search.countMatches(filters, undefined),
    () =>
      stores.restaurants.countFacets({ filters, fields: ['location'], limit: 5, modelVersion: undefined }),
  ]) {
    turns = 0;
    await read();
    assert.ok(turns >= 3, `${turns} turns`);
  }
  isDone = true;
});

test('a scan that is no longer wanted ends before its next slice', async () => {
  const stop = new AbortController();
  const filters = { location: 'nowhere' };
  const reading = list({ filters, signal: stop.signal });
  setImmediate(() => stop.abort(new Error('the client has left')));
  await assert.rejects(reading, /the client has left/);
  const late = list({ filters, signal: AbortSignal.abort(new Error('too late')) });
  await assert.rejects(late, /too late/);
});
