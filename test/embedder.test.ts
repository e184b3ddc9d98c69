/** The child process that holds the model: order, limits, time-outs, sleep and death. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EmbeddingError } from '../src/embedding/embedding-error.ts';
import { createChildEmbedder, type ChildEmbedderOptions } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import { checkVector } from '../src/inference/model-process.ts';
import { feeds } from '../src/inference/onnx-model.ts';
import type { ProcessEvent } from '../src/inference/process-keeper.ts';
import { repository, until } from './support/service.ts';

const modelDir = join(repository, 'models/paraphrase-MiniLM-L3-v2');

function open(t: TestContext, options: Partial<ChildEmbedderOptions> = {}) {
  const events: ProcessEvent[] = [];
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(modelDir),
    queueLimit: 10,
    timeoutMs: 10_000,
    idleSeconds: 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  t.after(() => embedder.close());
  return { embedder, events, pid: () => embedder.childUsage()?.pid ?? 0 };
}

test('a read overtakes a query and background work; a promoted text moves forward', async (t) => {
  const { embedder, pid } = open(t);
  await embedder.load();
  process.kill(pid(), 'SIGSTOP');
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const running = embedder.embed('running', 'background').vector.then(note('running'));
  await until('it runs', () => embedder.status().queued === 1);
  const background = embedder.embed('background', 'background');
  const promoted = embedder.embed('promoted', 'background');
  const query = embedder.embed('query', 'query');
  const read = embedder.embed('read', 'read');
  promoted.promote('read');
  process.kill(pid(), 'SIGCONT');
  await Promise.all([
    running,
    background.vector.then(note('background')),
    promoted.vector.then(note('promoted')),
    query.vector.then(note('query')),
    read.vector.then(note('read')),
  ]);
  assert.deepEqual(order, ['running', 'read', 'promoted', 'query', 'background']);
});

test('a full queue refuses at once', async (t) => {
  const { embedder } = open(t, { queueLimit: 1 });
  const tasks = ['a', 'b', 'c'].map((text) => embedder.embed(text, 'read').vector);
  await assert.rejects(tasks[2] ?? Promise.resolve(), { code: 'queue-full' });
  await tasks[0];
});

test('a text that takes too long fails alone; the next one runs in a new process', async (t) => {
  const { embedder, pid } = open(t, { timeoutMs: 300 });
  await embedder.load();
  const first = pid();
  process.kill(first, 'SIGSTOP');
  await assert.rejects(embedder.embed('stuck', 'read').vector, { code: 'timeout' });
  assert.equal((await embedder.embed('next', 'read').vector).length, 384);
  assert.notEqual(pid(), first);
});

test('a process that dies under the same text twice fails that text and serves the others', async (t) => {
  const { embedder, pid, events } = open(t);
  await embedder.load();
  process.kill(pid(), 'SIGSTOP');
  const poison = embedder.embed('poison', 'read').vector;
  const other = embedder.embed('other', 'background').vector;
  await until('both wait', () => embedder.status().queued === 2);
  const first = pid();
  process.kill(first, 'SIGKILL');
  const second = await until('it is tried again', () => (pid() !== first && pid() > 0 ? pid() : false));
  process.kill(second, 'SIGKILL');
  const outcome = await poison.then(
    () => 'embedded before the second kill',
    (error: EmbeddingError) => error.code,
  );
  assert.ok(['embedder-crashed', 'embedded before the second kill'].includes(outcome));
  assert.equal((await other).length, 384);
  assert.ok(events.some(({ type }) => type === 'crashed'));
});

test('an idle model ends by itself, says what came back, and wakes for the next text', async (t) => {
  const { embedder, events } = open(t, { idleSeconds: 0.05 });
  await embedder.embed('before', 'read').vector;
  const ended = await until('it has ended', () => events.find((event) => event.type === 'ended'));
  assert.equal(ended.reason, 'idle');
  assert.ok(ended.bytesReturned > 20 * 2 ** 20, `${ended.bytesReturned} bytes`);
  assert.deepEqual([embedder.status().state, embedder.status().memoryBytes], ['unloaded', 0]);
  await embedder.embed('after', 'read').vector;
  assert.equal(embedder.status().loads, 2);
});

test('unloading waits for the current text, and a closed embedder refuses and leaves no process', async (t) => {
  const { embedder, pid } = open(t);
  await embedder.load();
  const child = pid();
  const text = embedder.embed('current', 'read').vector;
  const returned = await embedder.unload();
  assert.ok(returned > 0);
  assert.equal((await text).length, 384);
  assert.throws(() => process.kill(child, 0), { code: 'ESRCH' });
  await embedder.close();
  await assert.rejects(embedder.embed('late', 'read').vector, { code: 'closing' });
});

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
