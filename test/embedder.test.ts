/** The child process that holds the model: order, limits, time-outs, sleep and death. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EmbeddingError } from '../src/embedding/embedding-error.ts';
import { createChildEmbedder, type ChildEmbedderOptions } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import type { ProcessEvent } from '../src/inference/process-supervisor.ts';
import { childrenOf, isRunning, repository, until } from './support/service.ts';

const modelDir = join(repository, 'models/paraphrase-MiniLM-L3-v2');

/** A text is with a model that is loaded after one turn of the event loop (`nextTurn`), ahead of any timer. */
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
  const pid = () => {
    const usage = embedder.childMemory();
    assert.ok(usage, 'there is a model process');
    return usage.pid;
  };
  return { embedder, events, pid };
}

test('a read overtakes a query and background work; a promoted text moves forward', async (t) => {
  const { embedder, pid } = open(t);
  await embedder.load();
  process.kill(pid(), 'SIGSTOP');
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const running = embedder.embed('running', 'background').result.then(note('running'));
  await until('it runs', () => embedder.status().queued === 1);
  const background = embedder.embed('background', 'background');
  const promoted = embedder.embed('promoted', 'background');
  const query = embedder.embed('query', 'query');
  const read = embedder.embed('read', 'read');
  promoted.promote('read');
  process.kill(pid(), 'SIGCONT');
  await Promise.all([
    running,
    background.result.then(note('background')),
    promoted.result.then(note('promoted')),
    query.result.then(note('query')),
    read.result.then(note('read')),
  ]);
  assert.deepEqual(order, ['running', 'read', 'promoted', 'query', 'background']);
});

test('a full queue refuses at once', async (t) => {
  const { embedder } = open(t, { queueLimit: 1 });
  const tasks = ['a', 'b', 'c'].map((text) => embedder.embed(text, 'read').result);
  await assert.rejects(tasks[2] ?? Promise.resolve(), { code: 'queue-full' });
  await tasks[0];
});

test('a text that takes too long fails alone; the next one runs in a new process', async (t) => {
  const { embedder, pid } = open(t, { timeoutMs: 3_000 });
  await embedder.load();
  const first = pid();
  process.kill(first, 'SIGSTOP');
  await assert.rejects(embedder.embed('stuck', 'read').result, { code: 'timeout' });
  assert.equal((await embedder.embed('next', 'read').result).vector.length, 384);
  assert.notEqual(pid(), first);
});

test('a process that dies under the same text twice fails that text and serves the others', async (t) => {
  const events: ProcessEvent[] = [];
  const { embedder, pid } = open(t, {
    onEvent(event) {
      events.push(event);
      // The second process is stopped before it can be given a text.
      if (event.type === 'ready' && events.filter(({ type }) => type === 'ready').length === 2)
        process.kill(event.modelPid, 'SIGSTOP');
    },
  });
  await embedder.load();
  process.kill(pid(), 'SIGSTOP');
  const poison = embedder.embed('poison', 'read').result;
  await nextTurn();
  const other = embedder.embed('other', 'background').result;
  process.kill(pid(), 'SIGKILL');
  const second = await until('it is tried again', () => {
    const ready = events.filter((event) => event.type === 'ready');
    return ready[1]?.modelPid;
  });
  process.kill(second, 'SIGKILL');
  await assert.rejects(poison, { code: 'embedder-crashed' });
  assert.equal((await other).vector.length, 384);
  assert.equal(events.filter(({ type }) => type === 'crashed').length, 2);
});

test('an idle model ends by itself, says what came back, and wakes for the next text', async (t) => {
  const { embedder, events } = open(t, { idleSeconds: 0.05 });
  await embedder.embed('before', 'read').result;
  const ended = await until('it has ended', () => events.find((event) => event.type === 'ended'));
  assert.equal(ended.reason, 'idle');
  assert.ok(ended.bytesReturned > 20 * 2 ** 20, `${ended.bytesReturned} bytes`);
  assert.deepEqual([embedder.status().state, embedder.status().memoryBytes], ['unloaded', 0]);
  await embedder.embed('after', 'read').result;
  assert.equal(embedder.status().loads, 2);
});

test('the back-off of the model process ends in time when the wall clock is set back', async (t) => {
  let monotonicMs = 0;
  let isMissing = true;
  const { embedder } = open(t, {
    monotonicMs: () => monotonicMs,
    async identify() {
      if (isMissing) throw new EmbeddingError('model-missing', 'not there');
      return findModelFiles(modelDir);
    },
  });
  await assert.rejects(embedder.embed('first', 'read').result, { code: 'model-missing' });
  isMissing = false;
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() - 3_600_000 });
  monotonicMs += 999;
  await assert.rejects(embedder.embed('too early', 'read').result, { code: 'model-missing' });
  monotonicMs += 1;
  assert.equal((await embedder.embed('in time', 'read').result).vector.length, 384);
});

test('unloading waits for the current text', async (t) => {
  const { embedder, events, pid } = open(t);
  await embedder.load();
  const child = pid();
  process.kill(child, 'SIGSTOP');
  const text = embedder.embed('current', 'read').result;
  await nextTurn();
  const unloaded = embedder.unload();
  process.kill(child, 'SIGCONT');
  assert.equal((await text).vector.length, 384);
  assert.ok((await unloaded) > 20 * 2 ** 20);
  assert.equal(isRunning(child), false);
  assert.equal(embedder.status().loads, 1);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['starting', 'ready', 'ended'],
  );
});

test('a text that is asked for together with an unload is embedded, and nothing counts as a crash', async (t) => {
  const { embedder, events } = open(t);
  await embedder.load();
  const text = embedder.embed('next', 'read').result;
  await embedder.unload();
  assert.equal((await text).vector.length, 384);
  assert.ok(!events.some(({ type }) => type === 'crashed'));
});

test('a closed embedder refuses, and leaves no process, be it starting or at work', async (t) => {
  const atWork = open(t);
  await atWork.embedder.load();
  const child = atWork.pid();
  process.kill(child, 'SIGSTOP');
  const stuck = atWork.embedder.embed('stuck', 'read').result;
  await nextTurn();
  await atWork.embedder.close();
  await assert.rejects(stuck, { code: 'closing' });
  assert.equal(isRunning(child), false);
  await assert.rejects(atWork.embedder.embed('late', 'read').result, { code: 'closing' });
  assert.ok(!atWork.events.some(({ type }) => type === 'crashed'));

  const starting = open(t);
  const loading = starting.embedder.load();
  const [started] = await until('it has been forked', () => {
    const now = childrenOf(process.pid);
    return now.length > 0 && now;
  });
  // Stopped, it would be waited for until the end of its time to start.
  process.kill(started ?? process.pid, 'SIGSTOP');
  await starting.embedder.close();
  await assert.rejects(loading, { code: 'closing' });
  assert.deepEqual(childrenOf(process.pid), []);
  assert.deepEqual(
    starting.events.map(({ type }) => type),
    ['starting'],
  );
});
