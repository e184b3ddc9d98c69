/** What goes into the graph, and what may come out of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkVector } from '../src/inference/check-vector.ts';
import { feeds } from '../src/inference/onnx-model.ts';

test('a vector that is not finite, not of unit length or of the wrong size is refused', () => {
  const unit = new Float32Array(384).fill(1 / Math.sqrt(384));
  checkVector(unit, 384);
  for (const bad of [
    unit.slice(1),
    unit.with(3, Number.NaN),
    unit.with(3, Infinity),
    unit.map((x) => x * 2),
    [...unit],
  ]) {
    assert.throws(() => checkVector(bad, 384), { code: 'invalid-vector' });
  }
});

test('a graph is fed the inputs that it has, with or without token_type_ids', () => {
  assert.deepEqual(Object.keys(feeds(['input_ids', 'attention_mask'], [101, 102])), [
    'input_ids',
    'attention_mask',
  ]);
  const all = feeds(['input_ids', 'attention_mask', 'token_type_ids'], [101, 7, 102]);
  assert.deepEqual(all['input_ids']?.dims, [1, 3]);
  assert.deepEqual([...((all['token_type_ids']?.data ?? []) as BigInt64Array)], [0n, 0n, 0n]);
  assert.throws(() => feeds(['pixel_values'], [1]), /pixel_values/);
});
