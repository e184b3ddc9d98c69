/** Import of CSV as spreadsheets write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportLine } from '../src/transfer/import-record.ts';
import { readImport } from '../src/transfer/formats/read-import.ts';
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
  assert.equal((await importText(service, 'text/plain', '{}')).status, 415);
  assert.equal((await importText(service, 'text/csv', '', '?batchSize=0')).status, 400);
});

/** Parts of a file, as a network brings them. */
async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
const readAll = async (lines: AsyncIterable<ImportLine>) => {
  const all: ImportLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

test('a CSV of bad lines is read past as it comes: what is not asked for yet is not read yet', async () => {
  let bytesTaken = 0;
  async function* file() {
    yield Buffer.from('name,rating\n');
    const bad = Buffer.from('B,4,5\nC"x,1\n'.repeat(1_000));
    for (let i = 0; i < 30; i += 1) {
      bytesTaken += bad.length;
      yield bad;
    }
    yield Buffer.from('Good,4\n');
  }
  let bytesAtFirst = 0;
  const counted = { bad: 0, good: 0 };
  for await (const line of readImport({ format: 'csv', bytes: file() })) {
    bytesAtFirst ||= bytesTaken;
    counted['problem' in line ? 'bad' : 'good'] += 1;
  }
  assert.deepEqual(counted, { bad: 60_000, good: 1 });
  assert.ok(bytesAtFirst < bytesTaken / 5, `${bytesAtFirst} of ${bytesTaken}`);
});

test('the separator is found in the first line, however small the pieces in which it arrives', async () => {
  const lines = await readAll(
    readImport({ format: 'csv', bytes: parts('na', 'me;ra', 'ting\nCasa', ';4,5\n') }),
  );
  assert.deepEqual(lines, [{ line: 2, values: { name: 'Casa', rating: 4.5 } }]);
});

test('a CSV line without an end is refused, and says that what follows was not read', async (t) => {
  const service = await startService(t);
  const endless = `name,rating\nA,1\n"${'x'.repeat(70_000)},2\nB,3\n`;
  const { status, body } = await importText(service, 'text/csv', endless);
  assert.equal(status, 400);
  assert.match(
    body.detail,
    /^Line 3 is longer than 65536 characters, or a quote .* The file can be imported again/,
  );
});
