/** The command line: import, backfill, vector packs, doctor. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { unpackVectors } from '../src/transfer/vector-pack.ts';
import { runCommand, startCommand } from './support/command.ts';
import { childrenOf, isRunning, startService, temporaryFolder, until } from './support/service.ts';

const sample = 'data/restaurants.ndjson';
const otherModel = { MODEL_DIR: 'models/paraphrase-MiniLM-L3-v2' };
const report = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>;

test('an import tells what it did; bad lines are named on standard error and in the exit code', async (t) => {
  const folder = await temporaryFolder(t);
  const dry = await runCommand(folder, ['import', sample, '--dry-run']);
  assert.deepEqual([dry.code, report(dry.stdout)['created']], [0, 137]);
  const done = await runCommand(folder, ['import', sample]);
  assert.deepEqual([done.code, report(done.stdout)['created']], [0, 137]);
  const file = join(folder, 'more.csv');
  await writeFile(file, 'name,rating\nGood,4\nBad,11\n');
  const bad = await runCommand(folder, ['import', file]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /^line 3: invalid: rating: /m);
  assert.equal(report(bad.stdout)['created'], 1);
  const missing = await runCommand(folder, ['import', 'no-such-file.csv']);
  assert.deepEqual([missing.code, missing.stderr], [1, 'tastematch: There is no file no-such-file.csv.\n']);
  const directory = await runCommand(folder, ['import', folder]);
  assert.equal(directory.stderr, `tastematch: ${folder} is a folder. Name a file.\n`);
});

test('a pack computed elsewhere embeds a catalogue without one inference', async (t) => {
  const laptop = await temporaryFolder(t);
  await runCommand(laptop, ['import', sample]);
  const filled = await runCommand(laptop, ['backfill', '--batch-size', '10'], {
    BACKFILL_CPU_PERCENT: '100',
  });
  assert.deepEqual([filled.code, report(filled.stdout)['done']], [0, 137]);
  const pack = join(laptop, 'vectors.pack');
  assert.equal((await runCommand(laptop, ['vectors', 'export', pack])).code, 0);

  const machine = await startService(t, { EMBED_WAIT_MS: '20000' });
  await runCommand(machine.folder, ['import', sample]);
  const imported = await runCommand(machine.folder, ['vectors', 'import', pack]);
  assert.deepEqual(report(imported.stdout), { vectors: 135, restaurantsEmbedded: 137 });
  assert.equal((await machine.get('/restaurants/5')).body.embedding.status, 'ready');
  assert.equal((await machine.get('/restaurants/5/similar')).body.coverage.embedded, 137);
  assert.equal((await machine.get('/model')).body.inferences, 0);

  const cut = join(laptop, 'cut.pack');
  await writeFile(cut, await readFile(pack));
  await truncate(cut, 100_000);
  const empty = await temporaryFolder(t);
  await runCommand(empty, ['import', sample]);
  const damaged = await runCommand(empty, ['vectors', 'import', cut]);
  assert.deepEqual([damaged.code, /cut off or damaged/.test(damaged.stderr)], [1, true]);
  const other = await runCommand(empty, ['vectors', 'import', pack], otherModel);
  assert.equal(other.code, 1);
  assert.match(
    other.stderr,
    /vectors of tastematch-MiniLM-L6-en-pt .*this catalogue uses paraphrase-MiniLM-L3-v2/,
  );
  const generation = { model: 'a', sha256: 'a'.repeat(64), templateVersion: 1, dimensions: 384 };
  const format = 'tastematch-vectors-1';
  const notPacks = [
    'no JSON\n',
    'null\n',
    ...[
      { ...generation, sha256: 5 },
      { ...generation, model: '\u001b[31mred' },
      { model: {} },
      'text',
      null,
    ].map((wrong) => `${JSON.stringify({ format, generation: wrong })}\n`),
  ];
  const store = { listPacked: async () => [], storePacked: async () => assert.fail('nothing is stored') };
  for (const content of notPacks) {
    const bytes = Readable.from([Buffer.from(content)]);
    await assert.rejects(unpackVectors(store, { id: 1, ...generation }, bytes), ({ message }: Error) =>
      /^This is not a vector pack: [\x20-\x7e]+$/.test(message),
    );
  }
  await writeFile(cut, notPacks[0] ?? '');
  const refused = await runCommand(empty, ['vectors', 'import', cut]);
  assert.deepEqual(
    [refused.code, refused.stderr.startsWith('tastematch: This is not a vector pack: ')],
    [1, true],
  );
});

test('a command with another model does not disturb a running service', async (t) => {
  const service = await startService(t);
  await runCommand(service.folder, ['import', sample]);
  const exported = await runCommand(service.folder, ['export', '-'], otherModel);
  assert.equal(exported.stdout.trimEnd().split('\n').length, 137);
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
});

test('a backfill on the command line is rejected while a service runs the model', async (t) => {
  const service = await startService(t);
  const refused = await runCommand(service.folder, ['backfill']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /POST \/embeddings\/backfill/);
});

test('a backfill that is interrupted while the model starts ends at once, and has embedded nothing', async (t) => {
  const folder = await temporaryFolder(t);
  await runCommand(folder, ['import', sample]);
  const child = startCommand(folder, ['backfill']);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [model] = await until('the model has been forked', () => {
    const pids = child.pid === undefined ? [] : childrenOf(child.pid);
    return pids.length > 0 && pids;
  });
  assert.ok(model !== undefined);
  process.kill(model, 'SIGSTOP');
  child.kill('SIGINT');
  await once(child, 'close');
  assert.deepEqual([child.exitCode, report(output)['done'], isRunning(model)], [0, 0, false]);
});

test('an export whose reader closes the pipe ends without an error', async (t) => {
  const folder = await temporaryFolder(t);
  const rows = Array.from({ length: 5_000 }, (_, i) => JSON.stringify({ name: `Casa ${i}` }));
  await writeFile(join(folder, 'rows.ndjson'), rows.join('\n'));
  await runCommand(folder, ['import', join(folder, 'rows.ndjson')]);
  const child = startCommand(folder, ['export', '-']);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout?.once('data', () => child.stdout?.destroy());
  await once(child, 'close');
  assert.deepEqual([child.exitCode, errors], [0, '']);
});

test('a port in use is reported in one line, and no part of the service keeps running', async (t) => {
  const folder = await temporaryFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const taken = String((other.address() as AddressInfo).port);
  for (const variable of ['PORT', 'METRICS_PORT']) {
    const refused = await runCommand(folder, ['serve'], { PORT: '0', [variable]: taken });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      new RegExp(`^tastematch: ${variable}=${taken} .*in use by another process.*\n$`),
    );
  }
});

test('the doctor passes a healthy installation, and says what is wrong with another', async (t) => {
  const folder = await temporaryFolder(t);
  await runCommand(folder, ['import', sample]);
  const healthy = await runCommand(folder, ['doctor', '--json']);
  assert.equal(healthy.code, 0, healthy.stdout);
  const { findings } = JSON.parse(healthy.stdout) as { findings: { check: string; detail: string }[] };
  assert.deepEqual(
    findings.map(({ check }) => check),
    ['configuration', 'model files', 'golden sentence', 'database', 'disk space', 'memory limit'],
  );
  assert.match(findings[2]?.detail ?? '', /cosine 0\.9/);

  await truncate(join(folder, 'test.db'), 40_000);
  const ill = await runCommand(folder, ['doctor'], { MODEL_DIR: 'models/none', MEMORY_LIMIT_MB: '64' });
  assert.equal(ill.code, 1);
  for (const what of [/WRONG +model files: there is no/, /WRONG +database: /, /WRONG +memory limit: 64 MB/])
    assert.match(ill.stdout, what);
  const unusable = await runCommand(folder, ['doctor'], { PORT: 'eighty' });
  assert.match(unusable.stdout, /WRONG +configuration: PORT must be a whole number/);
});

test('the doctor finds vectors without their row, and rows without their vector', async (t) => {
  const service = await startService(t);
  await runCommand(service.folder, ['import', sample]);
  for (const id of [1, 2, 3]) await service.get(`/restaurants/${id}`);
  await service.stop();
  const database = openDatabase(join(service.folder, 'test.db'));
  database.exec(
    'DELETE FROM embeddings WHERE restaurant_id = 1; DELETE FROM vectors_1 WHERE rowid IN (2, 3)',
  );
  database.close();
  const ill = await runCommand(service.folder, ['doctor']);
  assert.equal(ill.code, 1);
  assert.match(ill.stdout, /WRONG +database: 1 vectors without a row, 2 rows without their vector/);
});

test('an invalid option value is rejected, with the allowed range', async (t) => {
  const folder = await temporaryFolder(t);
  const refused = await runCommand(folder, ['import', sample, '--batch-size', '5000']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /whole number from 1 to 1000/);
});
