/** A failure of one text, of the model and of memory are told apart. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { createChildEmbedder } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import type { ProcessEvent } from '../src/inference/process-supervisor.ts';
import { garbageModel, modelOfLongTexts, modelThatFailsFor } from './support/models.ts';
import { startService, until } from './support/service.ts';

function open(t: TestContext, modelDir: string) {
  const events: ProcessEvent[] = [];
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(modelDir),
    queueLimit: 10,
    timeoutMs: 20_000,
    idleSeconds: 0,
    onEvent: (event) => events.push(event),
  });
  t.after(() => embedder.close());
  return { embedder, events };
}

test('a text that the model cannot process fails alone; the process serves the next one', async (t) => {
  const { embedder, events } = open(t, await modelThatFailsFor(t, 'pizza'));
  await assert.rejects(embedder.embed('a pizza', 'read').result, { code: 'inference-failed' });
  assert.equal((await embedder.embed('a salad', 'read').result).vector.length, 384);
  assert.equal(embedder.status().loads, 1);
  assert.ok(!events.some(({ type }) => type === 'crashed'));
});

test('what ONNX Runtime writes reaches the log line by line, without colours', async (t) => {
  const service = await startService(t, { MODEL_DIR: await modelThatFailsFor(t, 'pizza') });
  await service.request('POST', '/restaurants', { name: 'A pizza' });
  const { embedding } = (await service.get('/restaurants/1')).body;
  assert.deepEqual([embedding.status, embedding.reason], ['failed', 'inference-failed']);
  const line = await until('the message of ONNX Runtime is logged', () =>
    service.log.find(({ output }) => /Gather/.test(String(output))),
  );
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(String(line['output']), /\u001b/);
});

test('a model that gives no usable vector for any text is not loaded, and no row is blamed', async (t) => {
  const service = await startService(t, { MODEL_DIR: await garbageModel(t) });
  await service.request('POST', '/restaurants', { name: 'Lixo' });
  const read = await service.get('/restaurants/1?include=vector');
  assert.equal(read.status, 200);
  assert.deepEqual(
    [read.body.embedding.status, read.body.embedding.reason, read.body.embedding.vector],
    ['failed', 'model-load-failed', undefined],
  );
  assert.equal((await service.get('/model')).body.lastError.code, 'model-load-failed');
  await until('the log says what it gave', () =>
    service.log.some(({ msg }) => /a vector of length NaN/.test(String(msg))),
  );
  const search = await service.get('/search?q=lixo');
  assert.deepEqual([search.body.items.length, search.body.degraded], [1, true]);
  assert.deepEqual((await service.get('/embeddings/failures')).body.items, []);
  assert.equal((await service.get('/embeddings')).body.ready, 0);
});

const canLimitMemory = spawnSync('prlimit', ['--version']).status === 0;
const virtualBytes = (pid: number) =>
  Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
/** Enough for V8, too little for the buffers of a long text. */
const SPARE_BYTES = 6 * 1_048_576;

test(
  'a text for which memory runs out is not blamed, and succeeds once there is memory',
  { skip: canLimitMemory ? false : 'prlimit is not installed' },
  async (t) => {
    const { embedder } = open(t, await modelOfLongTexts(t));
    await embedder.load();
    const pid = embedder.childMemory()?.pid ?? 0;
    const text = 'pizza '.repeat(600);
    const limitAddressSpace = (bytes: number | 'unlimited') =>
      execFileSync('prlimit', ['--pid', String(pid), `--as=${bytes}:unlimited`]);
    limitAddressSpace(virtualBytes(pid) + SPARE_BYTES);
    await assert.rejects(embedder.embed(text, 'read').result, { code: 'memory' });
    limitAddressSpace('unlimited');
    assert.equal((await embedder.embed(text, 'read').result).vector.length, 384);
    assert.equal(embedder.status().loads, 1);
  },
);
