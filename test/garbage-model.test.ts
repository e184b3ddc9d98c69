/** A model whose weights are garbage, and a clock that was wrong. */
import assert from 'node:assert/strict';
import { cp, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { isTooEarly } from '../src/embedding/back-off.ts';
import { repository, startService, temporaryFolder, type Service } from './support/service.ts';

/** All bits set: every scale of the quantised weights is NaN, and so is what comes out. */
async function garbageModel(t: TestContext): Promise<string> {
  const modelDir = join(await temporaryFolder(t), 'garbage');
  await cp(join(repository, 'models/all-MiniLM-L6-v2'), modelDir, { recursive: true });
  const weights = join(modelDir, 'onnx/model_quantized.onnx_data');
  await writeFile(weights, Buffer.alloc((await stat(weights)).size, 0xff));
  return modelDir;
}

const failure = async (service: Service) => (await service.get('/embeddings/failures')).body.items[0];

function inDatabase<T>({ folder }: Service, work: (database: SqliteDatabase.Database) => T): T {
  const database = new SqliteDatabase(join(folder, 'test.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

test('what a model of garbage answers is refused, never stored, and the read says so; a retry time from a wrong clock does not count', async (t) => {
  const environment = { MODEL_DIR: await garbageModel(t), EMBED_WAIT_MS: '20000' };
  const service = await startService(t, environment);
  await service.request('POST', '/restaurants', { name: 'Lixo' });
  const read = await service.get('/restaurants/1?include=vector');
  assert.equal(read.status, 200);
  assert.deepEqual(
    [read.body.embedding.status, read.body.embedding.reason, read.body.embedding.vector],
    ['failed', 'invalid-vector', undefined],
  );
  const search = await service.get('/search?q=lixo');
  assert.deepEqual([search.body.items.length, search.body.degraded], [1, true]);
  assert.equal((await service.get('/embeddings')).body.ready, 0);
  assert.equal((await failure(service)).attempts, 1);
  await service.stop();
  const stored = inDatabase(service, (database) =>
    database.prepare('SELECT count(*) FROM embeddings').pluck().get(),
  );
  assert.equal(stored, 0);

  const retryIn = (ms: number) =>
    inDatabase(service, (database) =>
      database
        .prepare('UPDATE embedding_failures SET retry_at = ?')
        .run(new Date(Date.now() + ms).toISOString()),
    );
  const attemptsAfterARead = async () => {
    const again = await startService(t, environment, { folder: service.folder });
    assert.equal((await again.get('/restaurants/1')).body.embedding.reason, 'invalid-vector');
    const { attempts } = await failure(again);
    await again.stop();
    return attempts as number;
  };
  retryIn(9 * 60_000);
  assert.equal(await attemptsAfterARead(), 1, 'it is too early');
  retryIn(24 * 60 * 60_000);
  assert.equal(await attemptsAfterARead(), 2, 'no back-off is a day');
});

const at = (ms: number) => new Date(ms).toISOString();

test('waiting ends in time whatever the clock did: set back, set forward, or never set', () => {
  const now = Date.UTC(2026, 10, 24);
  assert.equal(isTooEarly(at(now + 1_000), now), true);
  assert.equal(isTooEarly(at(now - 1_000), now), false);
  assert.equal(isTooEarly(at(now + 10 * 60_000), now), true);
  assert.equal(isTooEarly(at(now + 10 * 60_000 + 1), now), false);
  assert.equal(isTooEarly(at(now), 0), false, 'a clock that starts in 1970');
});
