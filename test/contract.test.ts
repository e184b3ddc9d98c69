/** Every documented status and header of every operation is reached, and what is answered is what the document says. */
import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiDocument, createValidator, documentedHeaders, operations } from './support/openapi.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';
import { tries, type Try } from './support/tries.ts';
import { startService, until, type Answer, type Service } from './support/service.ts';

test('every documented status is reached, with the documented body and headers, and nothing beside', async (t) => {
  const document = await apiDocument();
  const validate = createValidator(document);
  const all = operations(document);
  const seen = new Set<string>();

  function check(
    operationId: string,
    { status: answered, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>,
    status: number | 'default' = answered,
  ): void {
    const operation = all.find((one) => one.operation.operationId === operationId)?.operation;
    const response = operation?.responses[status];
    assert.ok(
      response,
      `${operationId} answered ${status}, which is not documented: ${JSON.stringify(body)}`,
    );
    seen.add(`${operationId} ${status}`);
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
    for (const { name, required } of documentedHeaders(document, response)) {
      if (headers.has(name)) seen.add(`${operationId} ${status} ${name}`);
      else assert.ok(!required, `${operationId} ${status} has no ${name}`);
    }
    if (!response.content) return assert.equal(body, '', `${operationId} ${status}`);
    const content = response.content[type];
    assert.ok(content?.schema, `${operationId} ${status} has the media type ${type}`);
    const problem = validate(content.schema, body);
    assert.equal(problem, undefined, `${operationId} ${status}: ${problem}`);
  }
  const ask = async (service: Service, operationId: string, one: Try) => {
    const [method, path, body, headers] = one;
    const answer =
      typeof body === 'string' ? await raw(service, one) : await service.request(method, path, body, headers);
    check(operationId, answer);
    return answer;
  };

  const service = await startService(t, { API_KEY: 'secret', EMBED_WAIT_MS: '20000', RATE_LIMIT: '100000' });
  for (const [operationId, list] of Object.entries(tries)) {
    for (const one of list) await ask(service, operationId, one);
  }
  const { headers } = await service.get('/restaurants/1');
  await ask(service, 'getRestaurant', [
    'GET',
    '/restaurants/1',
    undefined,
    { 'If-None-Match': headers.get('etag') ?? '' },
  ]);
  check('getEmbeddings', await service.request('DELETE', '/embeddings'), 'default');
  assert.ok(seen.has('getEmbeddings default Allow'));
  await listenUntilFull(service, (answer) => check('listenToEvents', answer));
  const backups = await Promise.all(Array.from({ length: 5 }, () => download(service)));
  for (const answer of backups) check('downloadBackup', answer);

  const poor = await startService(t, {
    MEMORY_LIMIT_MB: '20',
    MODEL_DIR: 'models/none',
    RATE_LIMIT: '100000',
  });
  await until('memory is short', async () => (await poor.get('/model')).body.memory.refusing);
  await poor.request('POST', '/restaurants', { name: 'A' });
  await ask(poor, 'findSimilarRestaurants', ['GET', '/restaurants/1/similar']);
  await ask(poor, 'recommendRestaurants', ['POST', '/recommendations', {}]);
  await ask(poor, 'searchRestaurants', ['GET', '/search?q=a&mode=semantic']);
  await ask(poor, 'loadModel', ['POST', '/model/load']);
  await truncate(join(poor.folder, 'test.db'), 0);
  await truncate(join(poor.folder, 'test.db-wal'), 0);
  await ask(poor, 'getReadiness', ['GET', '/readyz']);

  const database = noPostgres ? undefined : await createPostgresDatabase();
  if (database) {
    t.after(() => database.drop());
    const other = await startService(t, {
      DATABASE_URL: database.url,
      MODEL_DIR: 'models/none',
      RATE_LIMIT: '100000',
    });
    await ask(other, 'downloadBackup', ['GET', '/backup']);
  }

  const documented = all.flatMap(({ operation: { operationId, responses } }) =>
    Object.entries(responses)
      .filter(([status]) => status !== 'default')
      .flatMap(([status, response]) => [
        `${operationId} ${status}`,
        ...documentedHeaders(document, response).map(({ name }) => `${operationId} ${status} ${name}`),
      ]),
  );
  assert.deepEqual(
    documented.filter((one) => !seen.has(one) && (database || !one.startsWith('downloadBackup 404'))),
    [],
  );
});

/** A body that is not JSON. */
async function raw(service: Service, [method, path, body, headers]: Try): Promise<Answer> {
  const response = await fetch(service.url + path, {
    method,
    body: String(body),
    ...(headers && { headers }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** One of several backups at once; a file is shown as text. */
async function download(service: Service): Promise<Answer> {
  const response = await fetch(`${service.url}/backup`, { headers: { Authorization: 'Bearer secret' } });
  const { status, headers } = response;
  return { status, headers, body: status === 200 ? await response.text() : await response.json() };
}

/** One listener's first message, then as many as it takes to be refused. */
async function listenUntilFull(service: Service, check: (answer: Answer) => void): Promise<void> {
  const abort = new AbortController();
  for (;;) {
    const { status, headers, body } = await fetch(`${service.url}/events`, { signal: abort.signal });
    if (status === 200) check({ status, headers, body: 'a stream' });
    else {
      check({ status, headers, body: await new Response(body).json() });
      break;
    }
  }
  abort.abort();
}
