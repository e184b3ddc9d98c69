/** When a row whose text failed is tried again, and a clock that was wrong. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { isTooEarly } from '../src/embedding/back-off.ts';
import { modelThatFailsFor } from './support/models.ts';
import { startService, type Service } from './support/service.ts';

const failure = async (service: Service) => (await service.get('/embeddings/failures')).body.items[0];

function inDatabase<T>({ folder }: Service, work: (database: SqliteDatabase.Database) => T): T {
  const database = new SqliteDatabase(join(folder, 'test.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

test('a row whose text failed is left alone until its retry time; a retry time from a wrong clock is ignored', async (t) => {
  const environment = { MODEL_DIR: await modelThatFailsFor(t, 'pizza') };
  const service = await startService(t, environment);
  await service.request('POST', '/restaurants', { name: 'A pizza' });
  assert.equal((await service.get('/restaurants/1')).body.embedding.reason, 'inference-failed');
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
    assert.equal((await again.get('/restaurants/1')).body.embedding.reason, 'inference-failed');
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
