/** Import and export over HTTP: NDJSON and CSV, good lines stored, bad ones named, again without duplicates. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, importText, ndjson } from './support/import.ts';
import { startService, until } from './support/service.ts';

test('NDJSON is upserted by id or externalId, and running it again changes nothing', async (t) => {
  const service = await startService(t);
  const rows = [
    { externalId: 'a', name: 'Casa A', price_level: '$$$' },
    { id: 50, name: 'Casa B', priceLevel: 'low', cuisine_type: 'Mineira' },
    { name: 'Casa C', rating: 4.5 },
  ];
  const first = await importText(service, 'application/x-ndjson', ndjson(rows));
  assert.deepEqual([first.status, counts(first.body)], [200, [3, 0, 0, 0, 0]]);
  const again = await importText(service, 'application/x-ndjson', ndjson(rows));
  assert.deepEqual(counts(again.body), [0, 0, 3, 0, 0]);
  const changed = [
    { externalId: 'a', rating: 3 },
    { id: 50, name: 'Casa B2' },
    { externalId: 'new', name: 'D' },
  ];
  const second = await importText(service, 'application/x-ndjson; charset=utf-8', ndjson(changed));
  assert.deepEqual(counts(second.body), [1, 2, 0, 0, 0]);
  const { items, total } = (await service.get('/restaurants')).body;
  assert.equal(total, 4);
  const b = (await service.get('/restaurants/50')).body;
  assert.deepEqual([b.name, b.priceLevel, b.cuisineType, b.version], ['Casa B2', 1, 'Mineira', 2]);
  const a = items.find(({ externalId }: { externalId: string }) => externalId === 'a');
  assert.deepEqual([a.name, a.rating, a.priceLevel], ['Casa A', 3, 3]);
});

test('bad lines are listed with number and reason, good ones are stored', async (t) => {
  const service = await startService(t);
  const text = [
    '{"externalId":"x","name":"Good"}',
    '{"name":',
    '[1]',
    '',
    '{"name":"Bad rating","rating":9}',
    '{"name":"Bad field","stars":3}',
    '{"externalId":"no-name"}',
    '{"id":0,"name":"Zero"}',
    '{"id":77,"externalId":"x","name":"Takes the externalId of another"}',
    `{"name":"${'long'.repeat(20_000)}"}`,
    '{"name":"Last, without a line end"}',
  ].join('\n');
  const { body } = await importText(service, 'application/x-ndjson', text);
  assert.deepEqual(counts(body), [2, 0, 0, 0, 8]);
  assert.deepEqual(
    body.errors.map(({ line, code }: { line: number; code: string }) => [line, code]),
    [
      [2, 'malformed'],
      [3, 'malformed'],
      [5, 'invalid'],
      [6, 'invalid'],
      [7, 'invalid'],
      [8, 'invalid'],
      [9, 'external-id-taken'],
      [10, 'malformed'],
    ],
  );
  assert.match(body.errors[3].detail, /^stars is not a known field; known are id, externalId, name/);
  assert.equal((await service.get('/restaurants')).body.total, 2);
});

test('an id that leaves no room behind it is refused, and ids go on behind the highest that is allowed', async (t) => {
  const service = await startService(t);
  const highest = 2 ** 52 - 1;
  const lines = [
    `{"id":${highest + 1},"name":"Too high"}`,
    `{"id":${highest},"name":"Highest"}`,
    '{"name":"Next"}',
  ];
  const { body } = await importText(service, 'application/x-ndjson', lines.join('\n'));
  assert.deepEqual(counts(body), [2, 0, 0, 0, 1]);
  assert.match(body.errors[0].detail, /^id: must be a whole number from 1 to 4503599627370495$/);
  assert.equal((await service.request('POST', '/restaurants', { name: 'Another' })).body.id, highest + 2);
});

test('a dry run says what would happen and stores nothing; skipExisting leaves rows as they are', async (t) => {
  const service = await startService(t);
  const rows = ndjson([
    { externalId: 'a', name: 'A' },
    { externalId: 'b', name: 'B' },
  ]);
  const dry = await importText(service, 'application/x-ndjson', rows, '?dryRun=true');
  assert.deepEqual(counts(dry.body), [2, 0, 0, 0, 0]);
  assert.equal((await service.get('/restaurants')).body.total, 0);
  await importText(service, 'application/x-ndjson', rows);
  const changed = ndjson([
    { externalId: 'a', name: 'A2' },
    { externalId: 'c', name: 'C' },
  ]);
  const skipped = await importText(
    service,
    'application/x-ndjson',
    changed,
    '?skipExisting=true&batchSize=1',
  );
  assert.deepEqual(counts(skipped.body), [1, 0, 0, 1, 0]);
  assert.equal((await service.get('/restaurants/1')).body.name, 'A');
});

test('an export holds every row, with vectors when asked, and can be imported again as it is', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  const rows = Array.from({ length: 450 }, (_, i) => ({
    name: `Casa ${i}`,
    description: 'x',
    rating: i % 5,
  }));
  await importText(service, 'application/x-ndjson', ndjson(rows));
  await service.get('/restaurants/3');
  const plain: string = (await service.get('/restaurants/export')).body;
  const lines = plain.trimEnd().split('\n');
  assert.equal(lines.length, 450);
  assert.equal(JSON.parse(lines[449] ?? '').name, 'Casa 449');
  const again = await importText(service, 'application/x-ndjson', plain);
  assert.deepEqual(counts(again.body), [0, 0, 450, 0, 0]);
  const withVectors: string = (await service.get('/restaurants/export?include=vector')).body;
  const vectors = withVectors
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).embedding.vector?.length);
  assert.deepEqual([vectors[2], vectors.filter(Boolean).length], [384, 1]);
  const other = await startService(t);
  assert.deepEqual(
    counts((await importText(other, 'application/x-ndjson', withVectors)).body),
    [450, 0, 0, 0, 0],
  );
});

test('an import that is cut off keeps its complete batches, and the service goes on', async (t) => {
  const service = await startService(t);
  const cut = new AbortController();
  const body = new ReadableStream({
    start(own) {
      own.enqueue(
        new TextEncoder().encode(
          ndjson(Array.from({ length: 30 }, (_, i) => ({ externalId: `${i}`, name: `N${i}` }))),
        ),
      );
    },
  });
  const sent = fetch(`${service.url}/restaurants/import?batchSize=10`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
    body,
    duplex: 'half',
    signal: cut.signal,
  });
  const refused = assert.rejects(sent);
  await until('it has arrived', async () => (await service.get('/restaurants')).body.total === 30);
  cut.abort();
  await refused;
  assert.equal((await service.get('/restaurants')).body.total, 30);
  assert.ok(!service.log.some(({ level }) => Number(level) >= 50), JSON.stringify(service.log));
});
