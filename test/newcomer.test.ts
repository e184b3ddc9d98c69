/** A newcomer's first hour with the packed service in an empty folder, by what README and docs/ say. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openBlankPage, noBrowser } from './support/browser.ts';
import { readShellBlocks } from './support/documents.ts';
import { compileProgram, installPacked, run, serveInstalled } from './support/packed.ts';
import { repository } from './support/service.ts';

let folder: string;
let url: string;
before(async (t) => {
  folder = await installPacked(t as never, repository);
  url = await serveInstalled(t as never, folder, ['--sample-data']);
});

const installed = (path: string) => join(folder, 'node_modules/tastematch', path);
const json = async (path: string, init?: RequestInit) =>
  // Answers are asserted field by field.
  // oxlint-disable-next-line typescript/no-explicit-any
  (await (await fetch(url + path, init)).json()) as any;

test('the package has the service, one model and the client; no benches, no tests', async () => {
  for (const path of ['dist/src/main.js', 'dist/src/client.js', 'dist/client/package.json', 'openapi.json'])
    assert.ok(existsSync(installed(path)), path);
  for (const path of ['bench', 'test', 'dist/test', 'src', 'models/all-MiniLM-L6-v2'])
    assert.ok(!existsSync(installed(path)), path);
  await run(process.execPath, [installed('scripts/check-native-modules.mjs')]);
  assert.ok(existsSync(join(folder, 'data/tastematch.db')), 'the data lies beside node_modules');
});

test('the tour of the README runs', async () => {
  const readme = await readFile(installed('README.md'), 'utf8');
  const blocks = readShellBlocks(readme).filter(({ isRun }) => isRun);
  assert.ok(blocks.length >= 6);
  for (const { script } of blocks) {
    const { stdout } = await run(
      'bash',
      ['-euo', 'pipefail', '-c', script.replaceAll('localhost:8080', url)],
      { cwd: folder },
    );
    assert.doesNotMatch(stdout, /"code":"(?!invalid-request"|invalid")/, script);
  }
  assert.equal((await json('/restaurants/1')).embedding.status, 'ready');
});

test('the typed program of docs/clients.md compiles against the package and runs', async () => {
  const document = await readFile(installed('docs/clients.md'), 'utf8');
  const program = /```ts\n([^]*?)```/.exec(document)?.[1] ?? '';
  await compileProgram(folder, program.replaceAll('http://localhost:8080', url));
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: folder });
  assert.equal(stdout, 'Fogão da Serra ready\n');
});

test('the client is a package of its own, without the service', async (t) => {
  const apart = await installPacked(t, installed('dist/client'));
  const files = await readdir(join(apart, 'node_modules/@tastematch/client'));
  assert.deepEqual(files.toSorted(), [
    'LICENSE',
    'api-schema.d.ts',
    'client.d.ts',
    'client.js',
    'package.json',
  ]);
  assert.deepEqual(await readdir(join(apart, 'node_modules')), ['@tastematch', 'hono']);
  const program = `import { createClient } from '@tastematch/client';
    const answer = await createClient(${JSON.stringify(url)}).restaurants.$get({ query: { limit: '3' } });
    if (answer.status === 200) {
      const page = await answer.json();
      console.log(page.items.length);
      // @ts-expect-error There is no such field: were the types lost, this line would compile.
      console.log(page.nonsense);
    }`;
  await compileProgram(apart, program);
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: apart });
  assert.match(stdout, /^3\n/);
});

test('a messy CSV is imported: semicolons, decimal commas, a byte order mark, more columns, repeated ids', async () => {
  const messy =
    '\uFEFFExternal ID;Name;Rating;Price level;Telefone\r\n' +
    'm-1;Pão de Açúcar;4,5;$$;+55 21 1\r\nm-1;Pão de Açúcar;4,7;$$;+55 21 2\r\nm-2;;3,0;$;\r\n';
  const send = (query: string) =>
    json(`/restaurants/import?${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv' },
      body: messy,
    });
  const refused = await send('');
  assert.match(refused.detail, /Telefone/);
  const report = await send('unknownFields=store&returnIds=true');
  assert.deepEqual([report.created, report.updated, report.failed], [1, 1, 1]);
  assert.deepEqual(report.errors, [{ line: 4, code: 'invalid', detail: 'name is missing' }]);
  const [first, second] = report.ids;
  assert.deepEqual([first.line, second.line, first.id === second.id], [2, 3, true]);
  const { items } = await json('/restaurants?externalId=m-1');
  assert.deepEqual(
    [items[0].name, items[0].rating, items[0].priceLevel, items[0].attributes],
    ['Pão de Açúcar', 4.7, 2, { Telefone: '+55 21 2' }],
  );
});

test('a latin-1 file is refused as UTF-8, and right with its charset', async () => {
  const body = Buffer.from('name;cuisine_type\nCafé São João;Café\n', 'latin1');
  const send = (type: string) =>
    json('/restaurants/import', { method: 'POST', headers: { 'Content-Type': type }, body });
  assert.match((await send('text/csv')).detail, /^Line 2 is not valid UTF-8.*charset=windows-1252/);
  assert.equal((await send('text/csv; charset=windows-1252')).created, 1);
  const { items } = await json(`/restaurants?q=${encodeURIComponent('São João')}`);
  assert.equal(items[0].name, 'Café São João');
});

test('a page on another local origin asks for recommendations', { skip: noBrowser }, async (t) => {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>App</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const page = await openBlankPage(t);
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
  const answer = await page.evaluate(async (address) => {
    const response = await fetch(`${address}/recommendations`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"likes":[{"id":1}],"limit":3}',
    });
    return (await response.json()) as { strategy: string; items: unknown[] };
  }, url);
  assert.deepEqual([answer.strategy, answer.items.length], ['preferences', 3]);
});

test('a downloaded backup is restored in another place with its vectors', async (t) => {
  const response = await fetch(`${url}/backup`);
  await writeFile(join(folder, 'backup.db'), Buffer.from(await response.arrayBuffer()));
  const { total } = await json('/embeddings');
  const environment = { DATABASE_PATH: 'restored.db' };
  const main = installed('dist/src/main.js');
  await run(process.execPath, [main, 'restore', 'backup.db'], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  const other = await serveInstalled(t, folder, [], environment);
  const counts = (await (await fetch(`${other}/embeddings`)).json()) as { total: number; ready: number };
  assert.equal(counts.total, total);
  assert.ok(counts.ready >= 1);
});
