/** How long a repeated creation is known, by a clock that the test sets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restaurantFieldsSchema } from '../src/catalog/restaurant.ts';
import { openMemoryDatabase } from './support/memory-database.ts';

const DAY_MS = 24 * 60 * 60_000;

test('an Idempotency-Key is known for a day, then free again, and what is forgotten takes no room', async () => {
  let nowMs = Date.parse('2026-11-02T12:00:00Z');
  const {
    database,
    restaurants: store,
    modelVersion,
  } = await openMemoryDatabase({ now: () => new Date(nowMs) });
  const fields = restaurantFieldsSchema.parse({ name: 'A' });
  const others = restaurantFieldsSchema.parse({ name: 'B' });
  const create = async (given = fields, key = 'order-1') => {
    const { restaurant, replayed } = await store.createOnce(given, key, { modelVersion });
    return [restaurant.id, replayed];
  };
  assert.deepEqual(await create(), [1, false]);
  nowMs += DAY_MS;
  assert.deepEqual(await create(), [1, true]);
  await assert.rejects(create(others), /another body/);
  nowMs += 1;
  assert.deepEqual(await create(others), [2, false]);
  for (let i = 0; i < 10; i += 1) await create(fields, `key-${i}`);
  nowMs += DAY_MS + 1;
  await create(fields, 'the only one');
  assert.equal(database.prepare('SELECT count(*) FROM idempotency_keys').pluck().get(), 1);
  database.close();
});
