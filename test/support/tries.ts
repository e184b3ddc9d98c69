/** A request for every way in which an operation can answer. */

type Headers = Record<string, string>;
export type Try = [method: string, path: string, body?: unknown, headers?: Headers];

const key = { Authorization: 'Bearer secret' };
const text = { ...key, 'Content-Type': 'text/plain' };
const large = { name: 'x'.repeat(300_000) };
const old = { ...key, 'If-Match': '"99-ready"' };

/** Operation → what to ask so that it answers in each of its ways; run in this order on one service. */
export const tries: Record<string, Try[]> = {
  createRestaurant: [
    ['POST', '/restaurants', { name: 'A', externalId: 'a' }, { ...key, 'Idempotency-Key': 'k' }],
    ['POST', '/restaurants', { name: 'A', externalId: 'a' }, { ...key, 'Idempotency-Key': 'k' }],
    ['POST', '/restaurants', { name: 'B', externalId: 'b' }, key],
    ['POST', '/restaurants', { name: '' }, key],
    ['POST', '/restaurants', { name: 'A' }],
    ['POST', '/restaurants', { name: 'A', externalId: 'a' }, key],
    ['POST', '/restaurants', large, key],
    ['POST', '/restaurants', 'name', text],
    ['POST', '/restaurants', { name: 'Other' }, { ...key, 'Idempotency-Key': 'k' }],
  ],
  listRestaurants: [
    ['GET', '/restaurants?limit=1'],
    ['GET', '/restaurants?limit=0'],
    ['GET', '/restaurants?ids=2,1,99'],
    ['GET', '/restaurants?externalId=b&externalId=a&fields=name,rating'],
    ['GET', '/restaurants?facets=cuisineType,priceLevel,location&fields=id'],
    [
      'GET',
      '/restaurants?near=-19.9,-43.9&sort=distance&attributes[delivery]=true&updatedSince=2020-01-01T00:00:00Z',
    ],
  ],
  suggest: [
    ['GET', '/suggest?q=a&limit=3'],
    ['GET', '/suggest?q='],
  ],
  listChanges: [
    ['GET', '/changes?since=0&limit=2'],
    ['GET', '/changes?since=x'],
  ],
  downloadBackup: [
    // Before the download, whose end the service may notice later than the client.
    ['GET', '/backup?x=1', undefined, key],
    ['GET', '/backup'],
    ['GET', '/backup', undefined, key],
  ],
  getRestaurant: [
    ['GET', '/restaurants/1?include=vector'],
    ['GET', '/restaurants/1', undefined, { Prefer: 'respond-async' }],
    ['GET', '/restaurants/x'],
    ['GET', '/restaurants/9'],
  ],
  putRestaurant: [
    ['PUT', '/restaurants/2', { name: 'B', externalId: 'b' }, key],
    ['PUT', '/restaurants/5', { name: 'Five' }, key],
    ['PUT', '/restaurants/2', {}, key],
    ['PUT', '/restaurants/2', { name: 'B' }],
    ['PUT', '/restaurants/77', { name: 'B' }, old],
    ['PUT', '/restaurants/2', { name: 'B', externalId: 'a' }, key],
    ['PUT', '/restaurants/2', { name: 'B' }, old],
    ['PUT', '/restaurants/2', large, key],
    ['PUT', '/restaurants/2', 'name', text],
  ],
  patchRestaurant: [
    ['PATCH', '/restaurants/2', { rating: 4 }, key],
    ['PATCH', '/restaurants/2', { rating: 9 }, key],
    ['PATCH', '/restaurants/2', { rating: 4 }],
    ['PATCH', '/restaurants/77', { rating: 4 }, key],
    ['PATCH', '/restaurants/2', { externalId: 'a' }, key],
    ['PATCH', '/restaurants/2', { rating: 4 }, old],
    ['PATCH', '/restaurants/2', large, key],
    ['PATCH', '/restaurants/2', 'name', text],
  ],
  deleteRestaurant: [
    ['DELETE', '/restaurants/5', undefined, old],
    ['DELETE', '/restaurants/5', undefined, key],
    ['DELETE', '/restaurants/5', undefined, key],
    ['DELETE', '/restaurants/x', undefined, key],
    ['DELETE', '/restaurants/2'],
  ],
  importRestaurants: [
    [
      'POST',
      '/restaurants/import',
      '{"name":"I"}\nbad\n',
      { ...key, 'Content-Type': 'application/x-ndjson' },
    ],
    ['POST', '/restaurants/import', 'stars\n3\n', { ...key, 'Content-Type': 'text/csv' }],
    ['POST', '/restaurants/import', '', { 'Content-Type': 'text/csv' }],
    ['POST', '/restaurants/import', '', text],
  ],
  exportRestaurants: [
    ['GET', '/restaurants/export'],
    ['GET', '/restaurants/export?format=csv'],
    ['GET', '/restaurants/export?include=all'],
    ['GET', '/restaurants/export?include=vector&format=csv'],
  ],
  findSimilarRestaurants: [
    ['GET', '/restaurants/1/similar'],
    ['GET', '/restaurants/1/similar?limit=x'],
    ['GET', '/restaurants/9/similar'],
  ],
  recommendRestaurants: [
    ['POST', '/recommendations', { likes: [{ id: 1, rating: 5 }], dislikes: [2] }],
    ['POST', '/recommendations', { likes: [{ id: 9 }] }],
    ['POST', '/recommendations', large],
    ['POST', '/recommendations', 'likes', { 'Content-Type': 'text/plain' }],
  ],
  searchRestaurants: [
    ['GET', '/search?q=a'],
    ['GET', '/search?q=a&mode=keyword&facets=priceLevel&near=1,1&radiusKm=20000'],
    ['GET', '/search'],
  ],
  getMap: [
    ['GET', '/map'],
    ['GET', '/map?limit=99999'],
  ],
  getEmbeddings: [
    ['GET', '/embeddings'],
    ['GET', '/embeddings?x=1'],
  ],
  listEmbeddingFailures: [
    ['GET', '/embeddings/failures', undefined, key],
    ['GET', '/embeddings/failures?x=1', undefined, key],
    ['GET', '/embeddings/failures'],
  ],
  retryEmbeddingFailures: [
    ['POST', '/embeddings/failures/retry', undefined, key],
    ['POST', '/embeddings/failures/retry?x=1', undefined, key],
    ['POST', '/embeddings/failures/retry'],
  ],
  startBackfill: [
    ['POST', '/embeddings/backfill', {}, key],
    ['POST', '/embeddings/backfill', { batchSize: 0 }, key],
    ['POST', '/embeddings/backfill', {}],
    ['POST', '/embeddings/backfill', large, key],
    ['POST', '/embeddings/backfill', 'batchSize=1', text],
  ],
  getBackfill: [
    ['GET', '/embeddings/backfill'],
    ['GET', '/embeddings/backfill?x=1'],
  ],
  stopBackfill: [
    ['DELETE', '/embeddings/backfill', undefined, key],
    ['DELETE', '/embeddings/backfill?x=1', undefined, key],
    ['DELETE', '/embeddings/backfill'],
  ],
  getModel: [
    ['GET', '/model'],
    ['GET', '/model?x=1'],
  ],
  loadModel: [
    ['POST', '/model/load', undefined, key],
    ['POST', '/model/load?x=1', undefined, key],
    ['POST', '/model/load'],
  ],
  unloadModel: [
    ['POST', '/model/unload', undefined, key],
    ['POST', '/model/unload?x=1', undefined, key],
    ['POST', '/model/unload'],
  ],
  getMetrics: [
    ['GET', '/metrics', undefined, key],
    ['GET', '/metrics?x=1', undefined, key],
    ['GET', '/metrics'],
  ],
  getHealth: [
    ['GET', '/healthz'],
    ['GET', '/healthz?x=1'],
  ],
  getReadiness: [
    ['GET', '/readyz'],
    ['GET', '/readyz?x=1'],
  ],
  listenToEvents: [['GET', '/events?x=1']],
};
