/** What a client sees when the model's process dies, or the model cannot be used. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  isRunning,
  repository,
  startService,
  temporaryFolder,
  until,
  type Service,
} from './support/service.ts';

const add = async (service: Service, name: string) =>
  (await service.request('POST', '/restaurants', { name, description: `${name} serve moqueca.` })).body
    .id as number;

test('a model process killed in mid-run does not cost the waiting read its answer', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const id = await add(service, 'Cai e levanta');
  await service.request('POST', '/model/load');
  const child = service.modelPid();
  process.kill(child, 'SIGSTOP');
  const reading = service.get(`/restaurants/${id}`);
  await until('the text is with the model', async () => (await service.get('/model')).body.queued === 1);
  process.kill(child, 'SIGKILL');
  const read = await reading;
  assert.equal(read.status, 200);
  assert.equal(read.body.embedding.status, 'ready');
  assert.notDeepEqual(service.childPids(), [child]);
});

async function replaceConfigByFolder(folder: string): Promise<void> {
  await rm(join(folder, 'config.json'));
  await mkdir(join(folder, 'config.json'));
}

for (const [fault, code, damage] of [
  ['missing', 'model-missing', undefined],
  [
    'truncated',
    'model-damaged',
    (folder: string) => truncate(join(folder, 'onnx/model_quantized.onnx_data'), 1_000),
  ],
  [
    'changed by one byte',
    'model-damaged',
    async (folder: string) => {
      const file = join(folder, 'onnx/model_quantized.onnx');
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(file, bytes);
    },
  ],
  ['without a size', 'model-damaged', (folder: string) => writeFile(join(folder, 'config.json'), '{}')],
  ['null', 'model-damaged', (folder: string) => writeFile(join(folder, 'config.json'), 'null')],
  ['a folder where a file should be', 'model-damaged', replaceConfigByFolder],
] as const) {
  test(`with a model that is ${fault} every catalogue route works and a read says why it has no vector`, async (t) => {
    const folder = await temporaryFolder(t);
    const modelDir = join(folder, 'all-MiniLM-L6-v2');
    if (damage) {
      await cp(join(repository, 'models/all-MiniLM-L6-v2'), modelDir, { recursive: true });
      await cp(join(repository, 'models/SHA256SUMS'), join(folder, 'SHA256SUMS'));
      await damage(modelDir);
    }
    const service = await startService(t, { MODEL_DIR: modelDir });
    const id = await add(service, 'Sem modelo');
    const read = await service.get(`/restaurants/${id}`);
    assert.equal(read.status, 200);
    assert.equal(read.body.embedding.status, 'failed');
    assert.equal(read.body.embedding.reason, code);
    assert.equal((await service.get('/restaurants')).body.total, 1);
    assert.equal((await service.request('PATCH', `/restaurants/${id}`, { rating: 4 })).status, 200);
    assert.equal((await service.get('/readyz')).status, 200);
    assert.equal((await service.get('/model')).body.state, 'unloaded');
    const load = await service.request('POST', '/model/load');
    assert.equal(load.status, 503);
    assert.match(load.body.detail, new RegExp(code));
    assert.equal((await service.request('DELETE', `/restaurants/${id}`)).status, 204);
  });
}

test('a database of the earlier default model gets vectors of the default model lazily; going back, the earlier ones are ready again', async (t) => {
  const earlierDefault = { MODEL_DIR: 'models/all-MiniLM-L6-v2' };
  const first = await startService(t, earlierDefault);
  const { folder } = first;
  const [kept, renewed] = [await add(first, 'Fica'), await add(first, 'Renova')];
  for (const id of [kept, renewed]) await first.get(`/restaurants/${id}`);
  await first.stop();

  const second = await startService(t, {}, { folder });
  const listed = (await second.get('/restaurants')).body.items;
  assert.deepEqual(
    listed.map((item: { embedding: { status: string } }) => item.embedding.status),
    ['stale', 'stale'],
  );
  const read = await second.get(`/restaurants/${renewed}?include=vector`);
  assert.equal(read.body.embedding.status, 'ready');
  assert.equal(read.body.embedding.model, 'tastematch-MiniLM-L6-en-pt');
  assert.equal((await second.get('/model')).body.inferences, 1);
  await second.stop();

  const third = await startService(t, earlierDefault, { folder });
  const { body } = await third.get('/embeddings');
  assert.deepEqual([body.ready, body.stale], [2, 0]);
  assert.equal((await third.get(`/restaurants/${kept}`)).body.embedding.status, 'ready');
  assert.equal((await third.get('/model')).body.inferences, 0);
});

test('a model folder that cannot be read any more costs reads their vector, not their answer', async (t) => {
  const folder = await temporaryFolder(t);
  const modelDir = join(folder, 'model');
  await cp(join(repository, 'models/paraphrase-MiniLM-L3-v2'), modelDir, { recursive: true });
  const service = await startService(t, { MODEL_DIR: modelDir });
  const id = await add(service, 'Sem pasta');
  await replaceConfigByFolder(modelDir);
  const read = await service.get(`/restaurants/${id}`);
  assert.deepEqual([read.status, read.body.embedding.reason], [200, 'model-damaged']);
  await until('the log says which file', () =>
    service.log.some(({ msg }) => /config\.json cannot be read \(/.test(String(msg))),
  );
});

test('SIGTERM during 100 first reads: all are answered, the exit code is 0 and no process is left', async (t) => {
  const service = await startService(t, { EMBED_QUEUE_LIMIT: '400' });
  const ids: number[] = [];
  // Ten texts, so that a slow machine infers them within the time that a shutdown has.
  for (let i = 0; i < 100; i += 1) ids.push(await add(service, `Encerrando ${i % 10}`));
  await service.request('POST', '/model/load');
  const child = service.modelPid();
  process.kill(child, 'SIGSTOP');
  const reading = ids.map((id) => service.get(`/restaurants/${id}`));
  await until('the reads are in flight', async () => (await service.get('/embeddings')).body.pending === 100);
  const stopped = service.stop();
  process.kill(child, 'SIGCONT');
  const answers = await Promise.all(reading);
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(await stopped, 0);
  assert.equal(isRunning(child), false);
  assert.ok(!service.log.some(({ msg }) => /crashed/.test(String(msg))));
});

test('SIGTERM while the model is starting ends the service, and the process that hangs in its start', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '0' });
  const id = await add(service, 'Nem começou');
  await service.get(`/restaurants/${id}`);
  const [child] = await until('it has been forked', () => {
    const pids = service.childPids();
    return pids.length > 0 && pids;
  });
  assert.ok(child !== undefined);
  process.kill(child, 'SIGSTOP');
  assert.equal(await service.stop(), 0);
  assert.equal(isRunning(child), false);
  // Waiting for it would have ended in its time to start.
  assert.ok(!service.log.some(({ msg }) => /start-failed|model process ready/.test(String(msg))));
});

test('a service that is killed takes the model process with it', async (t) => {
  const service = await startService(t);
  await service.request('POST', '/model/load');
  const child = service.modelPid();
  assert.ok(isRunning(child));
  service.process.kill('SIGKILL');
  await until('the orphan has ended by itself', () => !isRunning(child));
});
