/** The typed client knows every route: this file compiling is half of the test. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
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

  const first = await client.restaurants[':id'].$get({ param: { id: '1' }, query: {}, header: {} });
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

  const created = await client.restaurants.$post({ json: { name: 'Typed', priceLevel: 2 }, header: {} });
  assert.equal(created.status, 201);
  const recommended = await client.recommendations.$post({
    json: { likes: [{ id: 1, rating: 5 }], limit: 2 },
  });
  assert.ok(recommended.status === 200);
  assert.equal((await recommended.json()).strategy, 'preferences');

  const missing = await client.restaurants[':id'].$get({ param: { id: '9999' }, query: {}, header: {} });
  assert.ok(missing.status === 404);
  assert.equal((await missing.json()).code, 'not-found');
});

test('the compiled client pulls in no server code, and its declarations work outside the repository', async (t) => {
  const compiled = await readFile(join(repository, 'dist/src/client.js'), 'utf8');
  assert.deepEqual(
    [...compiled.matchAll(/from '([^']+)'/g)].map(([, name]) => name),
    ['hono/client'],
  );
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'node_modules'));
  await symlink(repository, join(folder, 'node_modules/tastematch'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(folder, 'program.ts'),
    `import { createClient } from 'tastematch/client';
     const answer = await createClient('http://localhost').restaurants.$get({ query: { limit: '3' } });
     if (answer.status === 200) {
       const total: number = (await answer.json()).total;
       console.log(total);
       // @ts-expect-error There is no such field: were the types lost, this line would compile.
       console.log((await answer.json()).nonsense);
     }`,
  );
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--noEmit', '--types', ''];
  await promisify(execFile)(join(repository, 'node_modules/.bin/tsc'), [...options, 'program.ts'], {
    cwd: folder,
  });
});
