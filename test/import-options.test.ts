/** The options of an import: unknown fields, ids in the report, and names that are given more than once. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { importText, ndjson } from './support/import.ts';
import { startService, type Service } from './support/service.ts';

let service: Service;
before(async (t) => {
  service = await startService(t as never, { MODEL_DIR: 'models/none' });
});

const csv = (text: string, query = '') => importText(service, 'text/csv', text, query);
const idsOf = async (query: string): Promise<number[]> =>
  (await service.get(`/restaurants?${query}`)).body.items.map(({ id }: { id: number }) => id);
const attributesOf = async (externalId: string): Promise<unknown> =>
  (await service.get(`/restaurants?externalId=${externalId}`)).body.items[0].attributes;

test('an unknown column refuses the file, is left out, or is stored as a custom field', async () => {
  const file = 'externalId,name,Phone\nu1,A,555\n';
  const refused = await csv(file);
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /"Phone".*unknownFields=ignore.*unknownFields=store/);
  assert.equal((await csv(file, '?unknownFields=ignore')).body.created, 1);
  assert.equal(await attributesOf('u1'), null);
  assert.equal((await csv(file, '?unknownFields=store')).body.updated, 1);
  assert.deepEqual(await attributesOf('u1'), { Phone: '555' });
});

test('an unknown field of a JSON line refuses the line, is left out, or is stored beside other custom fields', async () => {
  const row = { externalId: 'j1', name: 'A', attributes: { wifi: true }, seats: 20 };
  const send = (query: string) => importText(service, 'application/x-ndjson', ndjson([row]), query);
  const { body } = await send('');
  assert.deepEqual([body.created, body.failed, body.errors[0].line], [0, 1, 1]);
  assert.match(body.errors[0].detail, /^seats is not a known field/);
  await send('?unknownFields=ignore');
  assert.deepEqual(await attributesOf('j1'), { wifi: true });
  await send('?unknownFields=store');
  assert.equal(((await attributesOf('j1')) as { seats: number }).seats, 20);
});

test('the ids of stored, updated and unchanged rows are listed in the order of their lines', async () => {
  const file = 'externalId,name\nr1,A\nr2,B\nr2,C\nr3,\nr1,A\n';
  const { body } = await csv(file, '?returnIds=true');
  const [r1, r2] = await Promise.all(
    ['r1', 'r2'].map(async (key) => (await service.get(`/restaurants?externalId=${key}`)).body.items[0].id),
  );
  assert.deepEqual(body.ids, [
    { line: 2, id: r1 },
    { line: 3, id: r2 },
    { line: 4, id: r2 },
    { line: 6, id: r1 },
  ]);
  assert.equal((await csv(file)).body.ids, undefined);
});

test('two columns of one meaning, or of one unknown name, refuse the file instead of losing one of them', async () => {
  for (const [header, query, detail] of [
    ['name,external_id,externalId', '', /all mean externalId/],
    ['name,Name', '', /all mean name/],
    ['name,Tag,Tag', '?unknownFields=store', /"Tag", "Tag".*same name/],
  ] as const) {
    const { status, body } = await csv(`${header}\nA,1,2\n`, query);
    assert.equal(status, 400, header);
    assert.match(body.detail, detail);
  }
  assert.equal((await csv('name,Tag,Tag\nOnce,1,2\n', '?unknownFields=ignore')).body.created, 1);
});

test('a field that a JSON line has twice in two spellings is refused', async () => {
  const { body } = await importText(
    service,
    'application/x-ndjson',
    ndjson([{ name: 'A', priceLevel: 1, price_level: 2 }]),
  );
  assert.deepEqual(body.errors, [{ line: 1, code: 'invalid', detail: 'priceLevel is given twice' }]);
});

test('a file of the type application/octet-stream is imported by what it contains', async () => {
  for (const [text, externalId] of [
    ['{"externalId":"o1","name":"A"}\n', 'o1'],
    ['[{"externalId":"o2","name":"A"}]', 'o2'],
    ['externalId;name\no3;A\n', 'o3'],
  ] as const) {
    const { body } = await importText(service, 'application/octet-stream', text);
    assert.equal(body.created, 1, text);
    assert.equal(await attributesOf(externalId), null);
  }
});

test('a list of ids may be repeated instead of separated by commas', async () => {
  assert.deepEqual(await idsOf('ids=2,1'), [2, 1]);
  assert.deepEqual(await idsOf('ids=2&ids=1&fields=name&fields=rating'), [2, 1]);
});
