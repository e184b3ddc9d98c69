/** Nobody fills the embedding queue alone. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChildEmbedder } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import { repository, startService, until } from './support/service.ts';

test('one client has at most a quarter of the queue; another one and background work still find a place', async (t) => {
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(join(repository, 'models/paraphrase-MiniLM-L3-v2')),
    queueLimit: 8,
    timeoutMs: 20_000,
    idleSeconds: 0,
  });
  t.after(() => embedder.close());
  const texts = ['1', '2', '3'].map((text) => embedder.embed(text, 'read', 'greedy').result);
  await assert.rejects(texts[2] ?? Promise.resolve(), { code: 'queue-full' });
  const others = [
    embedder.embed('other', 'read', 'other').result,
    embedder.embed('background', 'background').result,
  ];
  await Promise.all([...texts.slice(0, 2), ...others]);
  // What has left the queue no longer counts.
  await embedder.embed('later', 'read', 'greedy').result;
});

test('a request with 400 preferences waits for one text at a time', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify({ name: `Casa ${i}` })).join('\n');
  await fetch(`${service.url}/restaurants/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: lines,
  });
  await service.request('POST', '/model/load');
  const child = service.modelPid();
  process.kill(child, 'SIGSTOP');
  const preferences = {
    likes: Array.from({ length: 200 }, (_, i) => ({ id: i + 1 })),
    dislikes: Array.from({ length: 200 }, (_, i) => i + 201),
  };
  const answer = service.request('POST', '/recommendations', preferences);
  const queued = await until('it waits', async () => (await service.get('/model')).body.queued as number);
  assert.equal(queued, 1);
  process.kill(child, 'SIGCONT');
  const { status, body } = await answer;
  assert.deepEqual([status, body.strategy, body.leftOut], [200, 'preferences', []]);
});
