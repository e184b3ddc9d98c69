/** The catalogue in runs of ids: what the explorer's strip of cells shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryDatabase } from './support/memory-database.ts';

test('runs of ids add up to the catalogue, have nearly equal length, and know what is ready', async () => {
  const { add, embeddings, restaurants, modelVersion } = await openMemoryDatabase();
  assert.deepEqual(await embeddings.countByRun(500, modelVersion), []);
  const rows = [];
  for (let i = 0; i < 23; i += 1) rows.push(await add({ name: `R${i}` }));
  await restaurants.delete(rows[4]?.id ?? 0);
  const ready = rows[22];
  assert.ok(ready);
  const vector = Float32Array.of(1, 0, 0, 0);
  await embeddings.save({ restaurantId: ready.id, textHash: ready.textHash, vector, modelVersion });

  assert.equal((await embeddings.countByRun(500, modelVersion)).length, 22, 'never more runs than rows');
  const runs = await embeddings.countByRun(5, modelVersion);
  assert.deepEqual(
    runs.map(({ total }) => total),
    [5, 4, 5, 4, 4],
  );
  assert.deepEqual(
    runs.map(({ ready: count }) => count),
    [0, 0, 0, 0, 1],
  );
  assert.deepEqual(
    (await embeddings.countByRun(5, undefined)).map(({ ready: count }) => count),
    [0, 0, 0, 0, 0],
  );
});
