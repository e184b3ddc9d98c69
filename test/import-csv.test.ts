/** Import of CSV as spreadsheets write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, importText } from './support/import.ts';
import { startService } from './support/service.ts';

test('CSV: header in either case, quotes, price signs, empty cells, a semicolon from a spreadsheet', async (t) => {
  const service = await startService(t);
  const comma =
    '\uFEFFexternal_id,name,Cuisine Type,price_level,rating,description\r\n1,"Casa ""A"", Centro",Mineira,$$,4.5,"two\nlines"\r\n2,Casa B,,high,,\r\n';
  assert.deepEqual(counts((await importText(service, 'text/csv', comma)).body), [2, 0, 0, 0, 0]);
  const semicolon = 'externalId;name;rating\n3;Casa C;4,5\n';
  assert.deepEqual(
    counts((await importText(service, 'text/csv; charset=utf-8', semicolon)).body),
    [1, 0, 0, 0, 0],
  );
  const { items } = (await service.get('/restaurants')).body;
  assert.deepEqual(
    items.map((row: Record<string, unknown>) => [
      row['name'],
      row['cuisineType'],
      row['priceLevel'],
      row['rating'],
      row['description'],
    ]),
    [
      ['Casa "A", Centro', 'Mineira', 2, 4.5, 'two\nlines'],
      ['Casa B', null, 3, null, null],
      ['Casa C', null, null, 4.5, null],
    ],
  );
});

test('a CSV line with too many cells is listed; a header that is not understood refuses the whole file', async (t) => {
  const service = await startService(t);
  const { body } = await importText(service, 'text/csv', 'name,rating\nA,4\nB,4,5\nC,nine\nD,3\n');
  assert.deepEqual(
    [counts(body), body.errors.map(({ line }: { line: number }) => line)],
    [
      [2, 0, 0, 0, 2],
      [3, 4],
    ],
  );
  const refused = await importText(service, 'text/csv', 'name,stars\nA,4\n');
  assert.deepEqual([refused.status, refused.body.code], [400, 'invalid-request']);
  assert.match(refused.body.detail, /"stars" is not known; known are id, externalId/);
  assert.equal((await importText(service, 'application/json', '{}')).status, 415);
  assert.equal((await importText(service, 'text/csv', '', '?batchSize=0')).status, 400);
});
