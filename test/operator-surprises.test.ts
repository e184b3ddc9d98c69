/** What an operator meets: the metrics port, signals, a model folder with a FIFO, ids and field names at their limits. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MIN_MEMORY_MB } from '../src/commands/doctor.ts';
import { ask } from './support/raw-request.ts';
import { repository, startService, temporaryFolder, until } from './support/service.ts';
import { open } from './support/sockets.ts';

test('the metrics port rejects what it does not know as a problem, and foreign host names', async (t) => {
  const service = await startService(t, { METRICS_PORT: '39471' });
  const url = 'http://127.0.0.1:39471';
  assert.equal((await ask(url, 'GET', '/metrics')).status, 200);
  for (const [path, headers, status, code] of [
    ['/metrics?x=1', {}, 400, 'invalid-request'],
    ['/restaurants', {}, 404, 'path-not-found'],
    ['/metrics', { Host: 'evil.example' }, 421, 'wrong-host'],
  ] as const) {
    const answer = await ask(url, 'GET', path, headers);
    assert.deepEqual(
      [answer.status, (JSON.parse(answer.body) as { code: string }).code],
      [status, code],
      path,
    );
    assert.doesNotMatch(answer.body, /at .*\.js/);
  }
  assert.equal((await service.get('/healthz')).status, 200);
});

test('a second SIGINT ends the process at once', async (t) => {
  const service = await startService(t);
  // A request that does not end keeps the graceful shutdown waiting.
  const stalled = await open(t, service.url);
  stalled.on('error', () => {});
  stalled.write('POST /recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n');
  stalled.write('Content-Type: application/json\r\n\r\n{');
  await service.get('/healthz');
  const exited = once(service.process, 'exit');
  service.process.kill('SIGINT');
  await until('the shutdown has begun', () => service.log.some(({ msg }) => msg === 'shutting down'));
  service.process.kill('SIGINT');
  assert.deepEqual(await exited, [null, 'SIGINT']);
});

test(
  'a FIFO in the model folder does not hang the start',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = await temporaryFolder(t);
    const modelDir = join(folder, 'model');
    await cp(join(repository, 'models/paraphrase-MiniLM-L3-v2'), modelDir, { recursive: true });
    for (const name of ['config.json', 'tokenizer.json']) {
      await rm(join(modelDir, name));
      assert.equal(spawnSync('mkfifo', [join(modelDir, name)]).status, 0);
      const service = await startService(t, { MODEL_DIR: modelDir });
      await service.request('POST', '/restaurants', { name: 'Casa' });
      const { embedding } = (await service.get('/restaurants/1')).body;
      assert.deepEqual([embedding.status, embedding.reason], ['failed', 'model-damaged'], name);
      await service.stop();
    }
  },
);

test('a model that cannot be used is named by its code, without paths; the service is ready', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const logged = await until('it is logged', () => service.log.find(({ code }) => code === 'model-missing'));
  assert.equal(logged['modelDir'], join(repository, 'models/none'));
  assert.match(String(logged['msg']), /models\/none cannot be used: .* or set MODEL_DIR and restart$/);
  await service.request('POST', '/restaurants', { name: 'Casa' });
  await service.get('/restaurants/1');
  const ready = await service.get('/readyz');
  assert.deepEqual([ready.status, ready.body], [200, { status: 'ok', modelError: 'model-missing' }]);
  const { lastError } = (await service.get('/model')).body;
  assert.deepEqual(Object.keys(lastError).sort(), ['at', 'code']);
  const load = await service.request('POST', '/model/load');
  assert.deepEqual([load.status, load.body.detail], [503, 'The model cannot be loaded (model-missing).']);
});

test('a restaurant with an id of 16 digits has a page', async (t) => {
  const service = await startService(t);
  const id = 2 ** 52 - 1;
  assert.equal((await service.request('PUT', `/restaurants/${id}`, { name: 'Sixteen' })).status, 201);
  const page = await service.get(`/explore/restaurants/${id}`);
  assert.equal(page.status, 200);
  assert.match(String(page.body), /Sixteen/);
});

test('a long name of an unknown field is not sent back at its length', async (t) => {
  const service = await startService(t);
  const name = 'x'.repeat(60_000);
  const one = await service.request('POST', '/restaurants', { name: 'A', [name]: 1 });
  assert.equal(one.status, 400);
  assert.ok(JSON.stringify(one.body).length < 1_000);
  const path = await service.get(`/${name}`);
  assert.equal(path.body.code, 'path-not-found');
  assert.ok(JSON.stringify(path.body).length < 1_000);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}${'y'.repeat(250)}`, 1]));
  const answer = await service.request('POST', '/restaurants', { name: 'A', ...many });
  assert.equal(answer.body.errors.length, 50);
  assert.ok(JSON.stringify(answer.body).length < 10_000);
});

test('the image does not hand the whole system over to its user', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [tool, script] of [
    ['id', 'echo 0'],
    ['chown', `echo "chown $*" >> ${folder}/calls`],
    ['setpriv', `echo "setpriv" >> ${folder}/calls`],
  ] as const)
    await writeFile(join(folder, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const start = (DATABASE_PATH: string) =>
    spawnSync('sh', ['docker-entrypoint.sh', 'true'], {
      cwd: repository,
      env: { PATH: `${folder}:${process.env['PATH']}`, DATABASE_PATH },
      encoding: 'utf8',
    });
  for (const path of ['/tastematch.db', '/tmp/tastematch.db', '/usr/../tastematch.db']) {
    const refused = start(path);
    assert.equal(refused.status, 1, path);
    assert.match(refused.stderr, /a folder of its own/);
  }
  assert.equal(start(join(folder, 'data/tastematch.db')).status, 0);
  const calls = spawnSync('cat', [join(folder, 'calls')], { encoding: 'utf8' }).stdout;
  assert.equal(calls, `chown -R node:node ${folder}/data\nsetpriv\n`);
});

test('doctor requires the memory that docs/measured.md says is needed', async () => {
  const measured = await readFile(join(repository, 'docs/measured.md'), 'utf8');
  const figure = /kernel memory limit without swap: passes from \| (\d+) MB/.exec(measured)?.[1];
  assert.equal(Number(figure), MIN_MEMORY_MB);
});
