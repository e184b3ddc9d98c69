/** `npm start` on an empty database loads the sample catalogue; the production command never does. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import SQLite from 'better-sqlite3';
import { startCommand } from './support/command.ts';
import { startService, temporaryFolder, until } from './support/service.ts';

test('the sample catalogue is loaded once, without vectors, and has what the tour needs', async (t) => {
  const first = await startService(t, {}, { arguments: ['--sample-data'] });
  const { body } = await first.get('/embeddings');
  assert.ok(body.total >= 120);
  assert.equal(body.missing, body.total);
  assert.equal((await first.get('/restaurants/1')).body.embedding.status, 'ready');
  assert.ok((await first.get('/restaurants?cuisineType=japonesa&location=sao%20paulo')).body.total >= 2);
  const chain = await first.get('/restaurants?q=Sushi%20Bairro');
  assert.equal(chain.body.total, 3);
  await first.stop();

  const second = await startService(t, {}, { folder: first.folder, arguments: ['--sample-data'] });
  assert.equal((await second.get('/embeddings')).body.total, body.total);
});

test('after the first search the rest of the sample is embedded in the background, and never before', async (t) => {
  const service = await startService(t, { TOP_UP_MS: '0' }, { arguments: ['--sample-data'] });
  await service.get('/search?mode=keyword&q=feijoada');
  assert.equal((await service.get('/embeddings')).body.ready, 0);
  await service.get('/search?q=feijoada');
  await until('everything is embedded', async () => (await service.get('/embeddings')).body.missing === 0);
});

test('the production command starts with an empty catalogue', async (t) => {
  const service = await startService(t);
  assert.equal((await service.get('/embeddings')).body.total, 0);
});

test('a start that is killed while it loads the sample leaves all of it or nothing, and the next start has it', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'test.db');
  const child = startCommand(folder, ['serve', '--sample-data'], { PORT: '0', MODEL_DIR: 'models/none' });
  const rows = () => {
    if (!existsSync(file)) return 0;
    const database = new SQLite(file, { readonly: true });
    try {
      return Number(database.prepare('SELECT count(*) FROM restaurants').pluck().get());
    } catch {
      return 0; // Not migrated yet.
    } finally {
      database.close();
    }
  };
  await until('the first row is there', () => rows() > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(rows(), 137);
  const service = await startService(t, {}, { folder, arguments: ['--sample-data'] });
  assert.equal((await service.get('/embeddings')).body.total, 137);
});
