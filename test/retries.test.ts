/** What was refused is tried again by itself, whatever happens to the database meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefusedRetries } from '../src/embedding/retry-refused.ts';
import { until } from './support/service.ts';

test('a row that cannot be read is logged, and tried again behind the others', async () => {
  const tried: number[] = [];
  const errors: string[] = [];
  const retries = createRefusedRetries(
    async (restaurantId) => {
      tried.push(restaurantId);
      if (restaurantId === 1) throw new Error('database disk image is malformed');
      return { status: 'ready', origin: 'inferred' };
    },
    ({ message }) => errors.push(message),
  );
  for (const id of [1, 2]) retries.note(id, { status: 'pending', reason: 'queue-full' });
  await until('both were tried', () => tried.includes(2));
  retries.close();
  assert.deepEqual([tried.slice(0, 2), errors[0]], [[1, 2], 'database disk image is malformed']);
});
