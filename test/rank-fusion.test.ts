/** Two rankings become one by the sums of 1/(60 + rank). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuseRanks } from '../src/search/rank-fusion.ts';

test('ranks are fused by their reciprocals, sums as computed by hand, ties by id', () => {
  assert.deepEqual(fuseRanks([7, 3, 9], [3, 4]), [
    { id: 3, score: 1 / 62 + 1 / 61, ranks: { keyword: 2, semantic: 1 } },
    { id: 7, score: 1 / 61, ranks: { keyword: 1, semantic: null } },
    { id: 4, score: 1 / 62, ranks: { keyword: null, semantic: 2 } },
    { id: 9, score: 1 / 63, ranks: { keyword: 3, semantic: null } },
  ]);
  assert.deepEqual(
    fuseRanks([5, 8], [8, 5]).map(({ id }) => id),
    [5, 8],
  );
  assert.deepEqual(fuseRanks([], []), []);
});
