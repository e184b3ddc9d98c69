/** The formats and encodings in which people have their catalogues. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ImportSource } from '../src/transfer/formats/import-source.ts';
import { readImport } from '../src/transfer/formats/read-import.ts';
import type { ImportLine } from '../src/transfer/import-record.ts';
import { runCommand, startCommand } from './support/command.ts';
import { counts, importText } from './support/import.ts';
import { startService, temporaryFolder, until } from './support/service.ts';

/** A file in pieces of `size` bytes, as a network may deliver it. */
async function* inPieces(file: string | Buffer, size: number) {
  const bytes = Buffer.from(file);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
async function readAll(source: ImportSource): Promise<ImportLine[]> {
  const all: ImportLine[] = [];
  for await (const line of readImport(source)) all.push(line);
  return all;
}

const rows = [
  { line: 2, values: { name: 'São João', rating: 4.5 } },
  { line: 3, values: { name: 'B, "C"', rating: null } },
];

for (const size of [1, 7, 10_000]) {
  test(`every format gives the same rows in pieces of ${size} bytes, also compressed, also undeclared`, async () => {
    const files = {
      csv: 'name,rating\nSão João,4.5\n"B, ""C""",\n',
      tsv: 'name\trating\nSão João\t4,5\n"B, ""C"""\t\n',
      ndjson: '\n{"name":"São João","rating":4.5}\n{"name":"B, \\"C\\"","rating":null}\n',
      json: '[\n{"name":"São João","rating":4.5},\n {"name":"B, \\"C\\"","rating":null} ]\n',
    } as const;
    for (const [format, file] of Object.entries(files)) {
      const declared = format as keyof typeof files;
      assert.deepEqual(await readAll({ bytes: inPieces(file, size), format: declared }), rows, format);
      assert.deepEqual(
        await readAll({ bytes: inPieces(gzipSync(file), size) }),
        rows,
        `${format}, compressed`,
      );
      const marked = Buffer.concat([Buffer.from('\uFEFF'), Buffer.from(file)]);
      assert.deepEqual(await readAll({ bytes: inPieces(marked, size) }), rows, `${format}, byte order mark`);
    }
  });
}

test('elements of a JSON array that are not objects, or not JSON, are problems of their line', async () => {
  const file = '[1,\n{"name":"A]"},\n{"name":},\n\n[{}],,\n{"a":"\\"}"}]';
  const lines = await readAll({ bytes: inPieces(file, 5), format: 'json' });
  assert.deepEqual(
    lines.map((line) => [line.line, 'problem' in line ? line.problem : line.values]),
    [
      [1, 'is not a JSON object'],
      [2, { name: 'A]' }],
      [3, 'is not valid JSON'],
      [5, 'is not a JSON object'],
      [5, 'is not valid JSON'],
      [6, { a: '"}' }],
    ],
  );
  assert.deepEqual(await readAll({ bytes: inPieces(' [ ] ', 1), format: 'json' }), []);
  const huge = `[{"name":"${'x'.repeat(70_000)}"},{"name":"B"}]`;
  assert.deepEqual(
    (await readAll({ bytes: inPieces(huge, 900), format: 'json' })).map((line) => 'problem' in line),
    [true, false],
  );
});

const readJson = (file: string) => readAll({ bytes: inPieces(file, 3), format: 'json' });

test('a JSON file that is no array, goes on after it or ends within it is refused', async () => {
  await assert.rejects(readJson('{"items":[]}'), /not a JSON array: it must begin with \[/);
  await assert.rejects(readJson('[{"name":"A"}]\n[]'), /Line 2: there is text after the end of the array/);
  await assert.rejects(readJson('[{"name":"A"},\n{"name"'), /not closed: the file ends in line 2/);
});

test('bytes that are not UTF-8 are refused with their line, also where a character spans two pieces', async () => {
  const latin1 = Buffer.from('name\nBom Dia\nSão Jo\n', 'latin1');
  const cut = Buffer.concat([Buffer.from('name\nCafé\nPão'), Buffer.from([0xc3])]);
  const broken = Buffer.concat([Buffer.from('name\nCafé'), Buffer.from([0xc3]), Buffer.from('\nB\nC\n')]);
  for (const size of [1, 2, 3, 11, 1_000]) {
    await assert.rejects(readAll({ bytes: inPieces(latin1, size) }), /Line 3 is not valid UTF-8/);
    await assert.rejects(readAll({ bytes: inPieces(cut, size) }), /Line 3 is not valid UTF-8/);
    await assert.rejects(readAll({ bytes: inPieces(broken, size) }), /Line 2 is not valid UTF-8/);
  }
});

test('over HTTP the charset of Content-Type is used; without it Latin-1 is refused, and says what is stored', async (t) => {
  const service = await startService(t);
  const file = Buffer.from('externalId,name\n1,Bom\n2,São João\n', 'latin1');
  const send = async (type: string) => {
    const sent = { method: 'POST', headers: { 'Content-Type': type }, body: file };
    const response = await fetch(`${service.url}/restaurants/import`, sent);
    // oxlint-disable-next-line typescript/no-explicit-any
    return { status: response.status, body: (await response.json()) as any };
  };
  const refused = await send('text/csv');
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /^Line 3 is not valid UTF-8\. .*charset=windows-1252/);
  assert.match(refused.body.detail, /Every valid row up to line 2 is stored \(1 created, 0 updated\)/);
  assert.equal((await service.get('/restaurants')).body.total, 1);
  assert.deepEqual(counts((await send('text/csv; charset=ISO-8859-1')).body), [1, 0, 1, 0, 0]);
  assert.equal((await service.get('/restaurants/2')).body.name, 'São João');
  const unknown = await send('text/csv; charset=klingon');
  assert.deepEqual([unknown.status, unknown.body.code], [415, 'unsupported-media-type']);
});

test('an import that stops midway says up to which line rows are stored', async (t) => {
  const service = await startService(t);
  const file = `externalId,name\n1,A\n2,B\n3,C\n4,"${'x'.repeat(70_000)}`;
  const { status, body } = await importText(service, 'text/csv', file, '?batchSize=2');
  assert.equal(status, 400);
  assert.match(body.detail, /Every valid row up to line 4 is stored \(3 created, 0 updated\)/);
  assert.doesNotMatch(body.detail, /[Nn]othing was stored/);
  assert.equal((await service.get('/restaurants')).body.total, 3);
  const none = await importText(service, 'application/json', '{"name":"A"}');
  assert.match(none.body.detail, /Nothing was stored\.$/);
});

test('gzip is limited, and damaged gzip is refused', async (t) => {
  const service = await startService(t);
  const send = async (body: Buffer) => {
    const headers = { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' };
    const response = await fetch(`${service.url}/restaurants/import`, { method: 'POST', headers, body });
    // oxlint-disable-next-line typescript/no-explicit-any
    return (await response.json()) as any;
  };
  assert.deepEqual(counts(await send(gzipSync('{"name":"A"}\n'))), [1, 0, 0, 0, 0]);
  const bomb = await send(gzipSync('\n'.repeat(40_000_000)));
  assert.match(bomb.detail, /expands to more than 200 times its size\. Nothing was stored/);
  const damaged = await send(gzipSync('{"name":"B"}\n'.repeat(1_000)).subarray(0, 40));
  assert.match(damaged.detail, /damaged or cut off/);
});

for (const format of ['csv', 'ndjson', 'json'] as const) {
  for (const compress of [false, true]) {
    test(`a source of ${format}${compress ? ', compressed,' : ''} is closed when its reader stops early`, async () => {
      const names = Array.from({ length: 20_000 }, () => randomUUID());
      const text = {
        csv: `name\n${names.join('\n')}\n`,
        ndjson: names.map((name) => `{"name":"${name}"}\n`).join(''),
        json: `[${names.map((name) => `{"name":"${name}"}`).join(',')}]`,
      }[format];
      let state = 'open';
      async function* source() {
        try {
          yield* inPieces(compress ? gzipSync(text) : text, 1_000);
          state = 'read to its end';
        } finally {
          if (state === 'open') state = 'closed';
        }
      }
      for await (const line of readImport({ bytes: source(), format })) {
        assert.ok('values' in line);
        break;
      }
      await until('the source is left', () => state !== 'open');
      assert.equal(state, 'closed');
    });
  }
}

test('the command line reads CSV from standard input, compressed files, and a charset', async (t) => {
  const folder = await temporaryFolder(t);
  const piped = startCommand(folder, ['import', '-'], {}, 'pipe');
  piped.stdin?.end('external_id;name;rating\n1;Casa;4,5\n');
  await once(piped, 'close');
  assert.equal(piped.exitCode, 0);
  await writeFile(
    join(folder, 'more.tsv.gz'),
    gzipSync(Buffer.from('externalId\tname\n2\tSão João\n', 'latin1')),
  );
  const refused = await runCommand(folder, ['import', join(folder, 'more.tsv.gz')]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^tastematch: Line 2 is not valid UTF-8.*Nothing was stored\.\n$/);
  const done = await runCommand(folder, ['import', join(folder, 'more.tsv.gz'), '--charset', 'latin1']);
  assert.equal(done.code, 0, done.stderr);
  const exported = await runCommand(folder, ['export']);
  assert.deepEqual(
    exported.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name),
    ['Casa', 'São João'],
  );
});
