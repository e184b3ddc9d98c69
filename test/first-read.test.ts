/** The main job: restaurants go in without vectors, the first read makes them, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService, until, type Service } from './support/service.ts';

const restaurant = (name: string, more: object = {}) => ({
  name,
  cuisineType: 'Mineira',
  description: 'Feijoada, tutu e couve no fogão a lenha.',
  ...more,
});

async function add(service: Service, fields: object): Promise<number> {
  const created = await service.request('POST', '/restaurants', fields);
  assert.equal(created.status, 201, JSON.stringify(created.body));
  assert.equal(created.body.embedding.status, 'missing');
  return created.body.id as number;
}

const inferences = async (service: Service) => (await service.get('/model')).body.inferences as number;

test('the first read of a restaurant embeds it; every later read is a plain read', async (t) => {
  const service = await startService(t);
  const id = await add(service, restaurant('Casa da Serra'));
  assert.equal((await service.get('/model')).body.state, 'unloaded');

  const cold = await service.get(`/restaurants/${id}?include=vector`);
  assert.equal(cold.status, 200);
  assert.equal(cold.body.embedding.status, 'ready');
  assert.equal(cold.body.embedding.model, 'tastematch-MiniLM-L6-en-pt');
  assert.match(
    cold.headers.get('server-timing') ?? '',
    /^embed;dur=[\d.]+;desc="inferred", wait;dur=[\d.]+, inference;dur=[\d.]+, store;dur=[\d.]+$/,
  );
  const [whole = 0, ...parts] = (cold.headers.get('server-timing') ?? '')
    .split(', ')
    .map((entry) => Number(/dur=([\d.]+)/.exec(entry)?.[1]));
  assert.ok(parts.reduce((sum, part) => sum + part, 0) <= whole, 'the parts fit into the whole');
  const vector = cold.body.embedding.vector as number[];
  assert.equal(vector.length, 384);
  assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4);

  const warm = await service.get(`/restaurants/${id}?include=vector`);
  assert.deepEqual(warm.body, cold.body);
  assert.match(warm.headers.get('server-timing') ?? '', /^embed;dur=[\d.]+;desc="stored"$/);
  assert.equal(await inferences(service), 1);
});

test('1,000 first reads of one restaurant at once run one inference', async (t) => {
  const service = await startService(t);
  const id = await add(service, restaurant('Um só'));
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => service.get(`/restaurants/${id}`)));
  assert.ok(answers.every(({ status, body }) => status === 200 && body.embedding.status === 'ready'));
  assert.equal(await inferences(service), 1);
});

test('50 restaurants with the same text run one inference', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const ids: number[] = [];
  for (let branch = 0; branch < 50; branch += 1)
    ids.push(await add(service, restaurant('Rede', { rating: branch / 10 })));
  const answers = await Promise.all(ids.map((id) => service.get(`/restaurants/${id}`)));
  assert.ok(answers.every(({ body }) => body.embedding.status === 'ready'));
  assert.equal(await inferences(service), 1);
  const later = await add(service, restaurant('Rede'));
  const reused = await service.get(`/restaurants/${later}`);
  assert.match(reused.headers.get('server-timing') ?? '', /desc="reused"/);
  assert.equal(await inferences(service), 1);
});

test('after a restart the vectors are read from the database and the model stays asleep', async (t) => {
  const first = await startService(t);
  const id = await add(first, restaurant('Depois'));
  const before = await first.get(`/restaurants/${id}?include=vector`);
  assert.equal(await first.stop(), 0);

  const second = await startService(t, {}, { folder: first.folder });
  const after = await second.get(`/restaurants/${id}?include=vector`);
  assert.deepEqual(after.body, before.body);
  assert.equal(await inferences(second), 0);
  assert.deepEqual(second.childPids(), []);
});

test('a text that is edited while its inference runs ends with the vector of the new text', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const id = await add(service, restaurant('Antes'));
  await service.request('POST', '/model/load');
  const child = service.modelPid();
  process.kill(child, 'SIGSTOP');
  const reading = service.get(`/restaurants/${id}?include=vector`);
  await until('the text is with the model', async () => (await service.get('/model')).body.queued === 1);
  await service.request('PATCH', `/restaurants/${id}`, { name: 'Sushi do Porto', cuisineType: 'Japonesa' });
  process.kill(child, 'SIGCONT');
  const read = await reading;
  assert.equal(read.body.name, 'Sushi do Porto');
  assert.equal(read.body.embedding.status, 'ready');

  const fresh = await startService(t);
  const same = await add(fresh, restaurant('Sushi do Porto', { cuisineType: 'Japonesa' }));
  const expected = (await fresh.get(`/restaurants/${same}?include=vector`)).body.embedding.vector;
  assert.deepEqual(read.body.embedding.vector, expected);
});

test('an edit of name, cuisine or description makes the vector stale and the next read renews it; other edits do not', async (t) => {
  const service = await startService(t);
  const id = await add(service, restaurant('Renovar'));
  await service.get(`/restaurants/${id}`);
  const rated = await service.request('PATCH', `/restaurants/${id}`, { rating: 4.9, location: 'Lourdes' });
  assert.equal(rated.body.embedding.status, 'ready');
  const described = await service.request('PATCH', `/restaurants/${id}`, { description: 'Agora só massas.' });
  assert.equal(described.body.embedding.status, 'stale');
  assert.equal((await service.get(`/restaurants/${id}`)).body.embedding.status, 'ready');
  assert.equal(await inferences(service), 2);
});

test('a restaurant that cannot be embedded is reported as failed, also with Prefer: respond-async', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const { id } = (await service.request('POST', '/restaurants', { name: 'Casa' })).body;
  await service.get(`/restaurants/${id}`);
  const { embedding } = (await service.get(`/restaurants/${id}`, { Prefer: 'respond-async' })).body;
  assert.deepEqual([embedding.status, embedding.reason], ['failed', 'model-missing']);
});

test('Prefer: respond-async answers at once and embeds behind the read', async (t) => {
  const service = await startService(t);
  const id = await add(service, restaurant('Sem esperar'));
  const answer = await service.get(`/restaurants/${id}`, { Prefer: 'respond-async' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('preference-applied'), 'respond-async');
  assert.deepEqual(answer.body.embedding, {
    status: 'pending',
    model: null,
    createdAt: null,
    reason: 'in-progress',
  });
  await until('it is embedded', async () => (await service.get('/embeddings')).body.ready === 1);
});

test('a read that has waited EMBED_WAIT_MS answers pending and the work goes on', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '0' });
  const id = await add(service, restaurant('Pressa'));
  assert.equal((await service.get(`/restaurants/${id}`)).body.embedding.status, 'pending');
  await until(
    'it is ready',
    async () => (await service.get(`/restaurants/${id}`)).body.embedding.status === 'ready',
  );
  assert.equal(await inferences(service), 1);
});

test('a full queue answers pending at once, and what was refused is embedded later by itself', async (t) => {
  const service = await startService(t, { EMBED_QUEUE_LIMIT: '1' });
  const ids: number[] = [];
  for (let i = 0; i < 5; i += 1) ids.push(await add(service, restaurant(`Fila ${i}`)));
  const answers = await Promise.all(ids.map((id) => service.get(`/restaurants/${id}`)));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.ok(answers.some(({ body }) => body.embedding.reason === 'queue-full'));
  await until('all are embedded', async () => (await service.get('/embeddings')).body.ready === 5);
});

test('a client that leaves does not cancel the work that others wait for', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const id = await add(service, restaurant('Desistiu'));
  const leaving = new AbortController();
  const left = fetch(`${service.url}/restaurants/${id}`, { signal: leaving.signal });
  const stays = service.get(`/restaurants/${id}`);
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  assert.equal((await stays).body.embedding.status, 'ready');
  assert.equal(await inferences(service), 1);
});

test('a 304 embeds a restaurant without a vector, as every read does', async (t) => {
  const service = await startService(t);
  const id = await add(service, restaurant('Etiqueta'));
  assert.equal((await service.get(`/restaurants/${id}`, { 'If-None-Match': '*' })).status, 304);
  assert.equal((await service.get('/embeddings')).body.ready, 1);
  const ready = await service.get(`/restaurants/${id}`);
  const again = await service.get(`/restaurants/${id}`, { 'If-None-Match': ready.headers.get('etag') ?? '' });
  assert.deepEqual([again.status, again.body], [304, '']);
});
