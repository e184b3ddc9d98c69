/** Missing, empty and repeated parameters are described in the same words on every route. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { startService, type Service } from './support/service.ts';

let service: Service;
before(async (t) => {
  service = await startService(t as never, { MODEL_DIR: 'models/none' });
});

for (const [path, detail] of [
  ['/search', 'is required'],
  ['/suggest', 'is required'],
  ['/suggest?q=', 'must not be empty'],
  ['/restaurants?limit=', 'must not be empty'],
  ['/restaurants?location=', 'must not be empty'],
  ['/restaurants?sort=', 'must not be empty'],
  ['/restaurants?radiusKm=1&near=', 'must not be empty'],
  ['/restaurants?cuisineType=', 'must not be empty'],
  ['/restaurants?priceLevel=1&priceLevel=', 'must not be empty'],
  ['/restaurants?fields=', 'must not be empty'],
  ['/restaurants?updatedSince=', 'must not be empty'],
  ['/changes?since=', 'must not be empty'],
  ['/search?q=a&q=b', 'must be given once'],
  ['/suggest?q=a&q=b', 'must be given once'],
  ['/restaurants?limit=1&limit=2', 'must be given once'],
  ['/restaurants?sort=id&sort=name', 'must be given once'],
  ['/restaurants?embedded=true&embedded=true', 'must be given once'],
  ['/restaurants?attributes%5Ba%5D=1&attributes%5Ba%5D=2', 'must be given once'],
  ['/restaurants/export?format=csv&format=csv', 'must be given once'],
  ['/changes?since=1&since=2', 'must be given once'],
] as const) {
  test(`GET ${path}: the parameter ${detail}`, async () => {
    const { status, body } = await service.get(path);
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map((error: { detail: string }) => error.detail),
      [detail],
    );
  });
}

test('a field that is missing in a body is required in the same words', async () => {
  const { body } = await service.request('POST', '/restaurants', {});
  assert.deepEqual(body.errors, [{ pointer: '/name', detail: 'is required' }]);
});
