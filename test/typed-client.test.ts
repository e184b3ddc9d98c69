/** The typed client knows every route: this file compiling is half of the test. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { createClient } from 'tastematch/client';
import { repository, startService, temporaryFolder } from './support/service.ts';

test('the typed client reads, finds similar restaurants, recommends and searches, with types', async (t) => {
  const service = await startService(
    t,
    { API_KEY: 'secret', EMBED_WAIT_MS: '20000', TOP_UP_MS: '5000' },
    { arguments: ['--sample-data'] },
  );
  const client = createClient(service.url, { apiKey: 'secret' });

  const first = await client.restaurants[':id'].$get({ param: { id: '1' }, query: {} });
  assert.ok(first.status === 200);
  const restaurant = await first.json();
  const { status }: { status: 'missing' | 'pending' | 'ready' | 'stale' | 'failed' } = restaurant.embedding;
  assert.equal(status, 'ready');

  const similar = await client.restaurants[':id'].similar.$get({ param: { id: '1' }, query: { limit: '3' } });
  assert.ok(similar.status === 200);
  const { items, coverage } = await similar.json();
  const scores: number[] = items.map(({ score }) => score);
  assert.equal(scores.length, 3);
  assert.equal(coverage.eligible, 137);

  const created = await client.restaurants.$post({ json: { name: 'Typed', priceLevel: 2 } });
  assert.equal(created.status, 201);
  const recommended = await client.recommendations.$post({
    json: { likes: [{ id: 1, rating: 5 }], limit: 2 },
  });
  assert.ok(recommended.status === 200);
  assert.equal((await recommended.json()).strategy, 'preferences');

  const searched = await client.search.$get({
    query: { q: 'sushi', mode: 'keyword', priceLevel: ['2', '3'] },
  });
  assert.ok(searched.status === 200);
  const found = await searched.json();
  const words: string[] = found.items.flatMap(({ matchedWords }) => matchedWords);
  assert.ok(words.includes('sushi'), words.join());

  const missing = await client.restaurants[':id'].$get({ param: { id: '9999' }, query: {} });
  assert.ok(missing.status === 404);
  assert.equal((await missing.json()).code, 'not-found');
});

test('headers of a client go beside its key, given at once or by a function, for all calls or for one', async (t) => {
  const service = await startService(t, { API_KEY: 'secret' });
  const own = { 'X-Request-Id': 'my-request' };
  for (const headers of [own, () => own, async () => own]) {
    const client = createClient(service.url, { apiKey: 'secret', headers });
    const created = await client.restaurants.$post({ json: { name: 'Typed' } });
    assert.deepEqual([created.status, created.headers.get('x-request-id')], [201, 'my-request']);
  }
  const client = createClient(service.url, { apiKey: 'secret' });
  const once = await client.restaurants.$post({ json: { name: 'Once' } }, { headers: own });
  assert.deepEqual([once.status, once.headers.get('x-request-id')], [201, 'my-request']);
  const other = createClient(service.url, { apiKey: 'old', headers: { authorization: 'Bearer secret' } });
  assert.equal((await other.restaurants.$post({ json: { name: 'Own' } })).status, 201);
});

async function compileOutside(t: TestContext, program: string): Promise<void> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(repository, join(folder, 'node_modules/tastematch'));
  await symlink(join(repository, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  await symlink(join(repository, 'node_modules/undici-types'), join(folder, 'node_modules/undici-types'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'program.ts'), program);
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--noEmit', '--types', 'node'];
  await promisify(execFile)(join(repository, 'node_modules/.bin/tsc'), [...options, 'program.ts'], {
    cwd: folder,
  });
}

test('the program in docs/clients.md compiles', async (t) => {
  const document = await readFile(join(repository, 'docs/clients.md'), 'utf8');
  const program = /```ts\n([^]*?)```/.exec(document)?.[1] ?? '';
  assert.match(program, /createClient/);
  await compileOutside(t, program);
});

test('the compiled client pulls in no server code, and its declarations work outside the repository', async (t) => {
  const compiled = await readFile(join(repository, 'dist/src/client.js'), 'utf8');
  assert.deepEqual(
    [...compiled.matchAll(/from '([^']+)'/g)].map(([, name]) => name),
    ['hono/client'],
  );
  await compileOutside(
    t,
    `import { createClient } from 'tastematch/client';
     const answer = await createClient('http://localhost').restaurants.$get({ query: { limit: '3' } });
     if (answer.status === 200) {
       const total: number = (await answer.json()).total;
       console.log(total);
       // @ts-expect-error There is no such field: were the types lost, this line would compile.
       console.log((await answer.json()).nonsense);
     }`,
  );
});
