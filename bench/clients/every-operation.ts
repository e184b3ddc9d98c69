/** Uses every operation through openapi-fetch with the types of openapi-typescript; ends with an error at the first failure. */
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

const [baseUrl = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { Authorization: 'Bearer secret' } });
const text = { parseAs: 'text' } as const;

async function must<Answer extends { response: Response; data?: unknown }>(answer: Promise<Answer>) {
  const { response, data } = await answer;
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return data as NonNullable<Answer['data']>;
}

const created = await must(client.POST('/restaurants', { body: { name: 'Typed', attributes: { a: 1 } } }));
const path = { id: created.id };
await must(client.PUT('/restaurants/{id}', { params: { path }, body: { name: 'Put' } }));
await must(client.PATCH('/restaurants/{id}', { params: { path }, body: { rating: 4 } }));
const { embedding } = await must(client.GET('/restaurants/{id}', { params: { path } }));
if (embedding.status !== 'ready') throw new Error(embedding.status);
const query = { ids: [created.id, 1], fields: ['name' as const] };
const page = await must(client.GET('/restaurants', { params: { query } }));
if (page.items.length !== 2) throw new Error(`${page.items.length} items`);
await must(client.GET('/restaurants', { params: { query: { attributes: { a: '1' } } } }));
await must(client.GET('/suggest', { params: { query: { q: 'ca' } } }));
await must(client.GET('/changes', {}));
await must(client.GET('/restaurants/{id}/similar', { params: { path } }));
await must(client.GET('/search', { params: { query: { q: 'feijoada' } } }));
await must(client.POST('/recommendations', { body: { likes: [{ id: 1 }] } }));
await must(client.GET('/map', {}));
const report = await must(
  client.POST('/restaurants/import', {
    body: [{ name: 'Imported' }],
    params: { query: { returnIds: 'true' } },
  }),
);
if (report.created !== 1) throw new Error(JSON.stringify(report));
await must(client.GET('/restaurants/export', { ...text, params: { query: { format: 'csv' } } }));
await must(client.GET('/backup', { parseAs: 'arrayBuffer' }));
await must(client.GET('/embeddings'));
await must(client.GET('/embeddings/failures'));
await must(client.POST('/embeddings/failures/retry'));
await must(client.POST('/embeddings/backfill', { body: { batchSize: 4 } }));
await must(client.GET('/embeddings/backfill'));
await must(client.DELETE('/embeddings/backfill'));
await must(client.GET('/model'));
await must(client.POST('/model/load'));
await must(client.POST('/model/unload'));
await must(client.GET('/healthz'));
await must(client.GET('/readyz'));
await must(client.GET('/metrics', text));
const events = await must(client.GET('/events', { parseAs: 'stream' }));
await (events as ReadableStream).cancel();
await must(client.DELETE('/restaurants/{id}', { params: { path } }));
