/** `npm start` on an empty database loads the sample catalogue; the production command never does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

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

test('the production command starts with an empty catalogue', async (t) => {
  const service = await startService(t);
  assert.equal((await service.get('/embeddings')).body.total, 0);
});
