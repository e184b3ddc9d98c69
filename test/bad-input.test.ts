/** Bad input is refused with a clear problem that says where it is; nothing is stored and nothing is a 5xx. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiDocument, operations } from './support/openapi.ts';
import { startService, type Answer, type Service } from './support/service.ts';

let service: Service;
before(async (t) => {
  service = await startService(t as never);
});
after(async () => {
  assert.equal((await service.get('/restaurants')).body.total, 0, 'nothing was stored');
});

function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.type, `urn:tastematch:problem:${code}`);
  assert.ok(answer.body.requestId);
}

for (const id of ['0', '-1', '1.5', 'abc', '99999999999999999999', '1e3', '%00', ' 1']) {
  for (const method of ['GET', 'DELETE']) {
    test(`${method} /restaurants/${id} names the bad id`, async () => {
      const answer = await service.request(
        method,
        `/restaurants/${encodeURIComponent(decodeURIComponent(id))}`,
      );
      assertProblem(answer, 400, 'invalid-request');
      assert.equal(answer.body.errors[0].parameter, 'id');
    });
  }
}

test('a restaurant that does not exist is 404', async () => {
  assertProblem(await service.get('/restaurants/12345'), 404, 'not-found');
});

const raw = async (
  body: string | undefined,
  type: string | undefined,
  method = 'POST',
  path = '/restaurants',
) => {
  const response = await fetch(service.url + path, {
    method,
    ...(body !== undefined && { body: Buffer.from(body) }),
    headers: type === undefined ? {} : { 'Content-Type': type },
  });
  return { status: response.status, headers: response.headers, body: await response.json() } as Answer;
};

test('a body in Latin-1 is refused, not stored with replacement characters', async () => {
  const body = Buffer.from('{"name":"São Jorge"}', 'latin1');
  const response = await fetch(`${service.url}/restaurants`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  });
  const answer = {
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  } as Answer;
  assertProblem(answer, 400, 'malformed-json');
  assert.match(answer.body.detail, /not valid UTF-8/);
});

for (const [what, body, type, status, code] of [
  ['an empty body', '', 'application/json', 400, 'malformed-json'],
  ['text that is not JSON', '{"name": ', 'application/json', 400, 'malformed-json'],
  ['an array', '[]', 'application/json', 400, 'invalid-request'],
  ['null', 'null', 'application/json', 400, 'invalid-request'],
  ['a string', '"x"', 'application/json', 400, 'invalid-request'],
  ['no media type', '{"name":"x"}', undefined, 415, 'unsupported-media-type'],
  ['a form', 'name=x', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
  [
    '2 MB',
    JSON.stringify({ name: 'x', description: 'y'.repeat(2_000_000) }),
    'application/json',
    413,
    'body-too-large',
  ],
] as const) {
  for (const [method, path] of [
    ['POST', '/restaurants'],
    ['PUT', '/restaurants/1'],
    ['PATCH', '/restaurants/1'],
  ] as const) {
    test(`${method} with ${what} is refused with ${status}`, async () => {
      assertProblem(await raw(body, type, method, path), status, code);
    });
  }
}

for (const [fields, pointer] of [
  [{}, '/name'],
  [{ name: '' }, '/name'],
  [{ name: '   ' }, '/name'],
  [{ name: 7 }, '/name'],
  [{ name: null }, '/name'],
  [{ name: 'x'.repeat(201) }, '/name'],
  [{ name: 'a\0b' }, '/name'],
  [{ name: 'a\ud800' }, '/name'],
  [{ name: 'x', rating: 5.1 }, '/rating'],
  [{ name: 'x', rating: '5' }, '/rating'],
  [{ name: 'x', priceLevel: 2.5 }, '/priceLevel'],
  [{ name: 'x', priceLevel: 0 }, '/priceLevel'],
  [{ name: 'x', latitude: 91, longitude: 0 }, '/latitude'],
  [{ name: 'x', latitude: 1 }, '/longitude'],
  [{ name: 'x', description: 'y'.repeat(5_001) }, '/description'],
  [{ name: 'x', externalId: '' }, '/externalId'],
  [{ name: 'x', id: 3 }, '/id'],
  [{ name: 'x', 'a/b~c': 3 }, '/a~1b~0c'],
] as const) {
  test(`a body of ${JSON.stringify(fields).slice(0, 50)} is refused at ${pointer}`, async () => {
    const answer = await service.request('POST', '/restaurants', fields);
    assertProblem(answer, 400, 'invalid-request');
    assert.deepEqual(
      answer.body.errors.map((error: { pointer: string }) => error.pointer),
      [pointer],
    );
  });
}

for (const [query, parameter] of [
  ['colour=red', 'colour'],
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=ten', 'limit'],
  ['sort=taste', 'sort'],
  ['sort=distance', 'sort'],
  ['cursor=nonsense', 'cursor'],
  ['minRating=6', 'minRating'],
  ['minRating=NaN', 'minRating'],
  ['priceLevel=9', 'priceLevel'],
  ['near=100,0', 'near'],
  ['near=here', 'near'],
  ['near=90.000001,0', 'near'],
  ['near=0,180.5', 'near'],
  ['near=1,2,3', 'near'],
  ['radiusKm=5', 'radiusKm'],
  ['embedded=maybe', 'embedded'],
] as const) {
  test(`GET /restaurants?${query} names the parameter`, async () => {
    const answer = await service.get(`/restaurants?${query}`);
    assertProblem(answer, 400, 'invalid-request');
    assert.equal(answer.body.errors[0].parameter, parameter);
  });
}

test('an unknown query parameter is refused by every operation of the document, and the rejection is documented', async () => {
  for (const { path, method, operation } of operations(await apiDocument())) {
    const headers = { 'Content-Type': 'application/json' };
    const url = `${service.url}${path.replace('{id}', '1')}?unheard-of=1`;
    const body = method === 'put' || method === 'post' ? { body: '{}' } : {};
    const response = await fetch(url, { method: method.toUpperCase(), headers, ...body });
    const { errors } = (await response.json()) as { errors?: { parameter?: string }[] };
    assert.equal(response.status, 400, operation.operationId);
    assert.ok(
      errors?.some(({ parameter }) => parameter === 'unheard-of'),
      `${operation.operationId}: ${JSON.stringify(errors)}`,
    );
    assert.ok(operation.responses['400'], `${operation.operationId} documents 400`);
  }
});

test('a backfill takes JSON or no body at all; a body of another type is 415', async () => {
  const path = '/embeddings/backfill';
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
    assertProblem(await raw('batchSize=5', type, 'POST', path), 415, 'unsupported-media-type');
  }
  assertProblem(await raw('{"batchSize":5}', undefined, 'POST', path), 415, 'unsupported-media-type');
  assertProblem(await raw('{"batchSize":', 'application/json', 'POST', path), 400, 'malformed-json');
  assert.equal((await service.request('POST', path)).status, 202);
  assert.equal((await service.request('POST', path, { batchSize: 5 })).status, 202);
});

test('an unknown parameter of a single read is refused', async () => {
  assertProblem(await service.get('/restaurants/1?verbose=1'), 400, 'invalid-request');
});

test('an unknown path is 404 and a known path with the wrong method is 405 with Allow', async () => {
  assertProblem(await service.get('/nothing'), 404, 'path-not-found');
  const answer = await service.request('DELETE', '/restaurants');
  assertProblem(answer, 405, 'method-not-allowed');
  assert.match(answer.headers.get('allow') ?? '', /GET/);
  assert.match(answer.headers.get('allow') ?? '', /POST/);
});

test('an Idempotency-Key that is empty or too long is refused by its name', async () => {
  for (const key of ['', 'k'.repeat(201)]) {
    const answer = await service.request('POST', '/restaurants', { name: 'A' }, { 'Idempotency-Key': key });
    assertProblem(answer, 400, 'invalid-request');
    assert.equal(answer.body.errors[0].header, 'idempotency-key');
  }
});
