/** The configuration reports everything that is wrong with it, and its document describes every variable. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { variables } from '../src/config/variables.ts';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { dataFolderOf } from '../src/config/installation.ts';
import { repository } from './support/service.ts';

test('docs/configuration.md has every variable with its default and meaning, and no other', async () => {
  const document = await readFile(join(repository, 'docs/configuration.md'), 'utf8');
  const rows = document.split('\n').filter((line) => line.startsWith('| `'));
  const expected = Object.entries(variables).map(
    ([name, { fallback, about }]) => `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${about} |`,
  );
  assert.deepEqual(rows, expected);
});

test('every bad variable is reported at once, and a key is never shown', () => {
  assert.throws(
    () => readConfig({ PORT: '70000', EMBED_WAIT_MS: 'soon', LOG_LEVEL: 'loud', API_KEY: 'secret' }),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, 3);
      for (const name of ['PORT', 'EMBED_WAIT_MS', 'LOG_LEVEL'])
        assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

test('an address beyond loopback needs long keys, or ALLOW_ANONYMOUS_WRITES', () => {
  assert.throws(() => readConfig({ HOST: '0.0.0.0' }), /set API_KEY/);
  const long = 'a-long-enough-key, another-long-enough-key';
  assert.equal(readConfig({ HOST: '0.0.0.0', API_KEY: long }).apiKeyDigests.length, 2);
  assert.equal(readConfig({ API_KEY: 'short' }).apiKeyDigests.length, 1);
  assert.throws(
    () => readConfig({ HOST: '0.0.0.0', API_KEY: 'a-long-enough-key,tooshort' }),
    ({ message }: Error) =>
      /fewer than 16 characters: make one with/.test(message) && !message.includes('tooshort'),
  );
  assert.equal(readConfig({ HOST: '0.0.0.0', ALLOW_ANONYMOUS_WRITES: 'true' }).allowAnonymousWrites, true);
});

test('keys that no client can send are rejected at the start, and not shown', () => {
  for (const API_KEY of [',,', ' , ', 'with space', 'com-acentuação', 'ok-key,"quoted"']) {
    assert.throws(
      () => readConfig({ API_KEY }),
      ({ problems }: ConfigError) =>
        problems.length === 1 &&
        problems[0]!.startsWith('API_KEY contains ') &&
        !problems[0]!.includes('acentua'),
      API_KEY,
    );
  }
  assert.equal(readConfig({ API_KEY: 'abc._~+/-==, another,' }).apiKeyDigests.length, 2);
});

test('only the digest of a key is kept', () => {
  const environment = { API_KEY: 'a-secret-key', PORT: '1' };
  const config = readConfig(environment);
  assert.deepEqual(Object.keys(environment), ['PORT']);
  assert.deepEqual(config.apiKeyDigests, [createHash('sha256').update('a-secret-key').digest()]);
  assert.ok(!JSON.stringify(config).includes('a-secret-key'));
});

test('without any variable the defaults hold', () => {
  const config = readConfig({});
  assert.deepEqual(
    [config.host, config.port, config.embedWaitMs, config.embedQueueLimit],
    ['127.0.0.1', 8080, 1000, 1024],
  );
});

test('an origin that no browser sends, a proxy that is no address, and contradictions stop the start together', () => {
  const environment = {
    HOST: '0.0.0.0',
    PORT: '8080',
    METRICS_PORT: '8080',
    CORS_ORIGINS: 'https://app.example.com/',
    TRUST_PROXY: '10.0.0.0/33',
    DATABASE_READ_URL: 'postgres://replica',
  };
  assert.throws(
    () => readConfig(environment),
    ({ problems }: ConfigError) => {
      const about = problems.map((problem) => problem.split(' ')[0]);
      const expected = ['TRUST_PROXY', 'CORS_ORIGINS', 'HOST', 'METRICS_PORT', 'DATABASE_READ_URL'];
      assert.deepEqual(about, expected, problems.join('\n'));
      return true;
    },
  );
  assert.throws(() => readConfig({ METRICS_HOST: '10.0.0.1' }), /METRICS_HOST needs METRICS_PORT/);
});

test('origins are scheme, host and port as browsers send them', () => {
  const good = 'https://app.example.com, http://localhost:5173,capacitor://localhost, http://[::1]:3000';
  assert.equal(readConfig({ CORS_ORIGINS: good }).corsOrigins.length, 4);
  assert.deepEqual(readConfig({ CORS_ORIGINS: '*' }).corsOrigins, ['*']);
  for (const origin of [
    'app.example.com',
    'https://a.example/path',
    'https://A.example',
    'https://a:443',
    'null',
    '/',
  ])
    assert.throws(() => readConfig({ CORS_ORIGINS: origin }), /CORS_ORIGINS must be/, origin);
});

test('the default database and model lie in the folder of the service, or beside node_modules', () => {
  const { databasePath, modelDir } = readConfig({ DATABASE_PATH: '' });
  assert.equal(databasePath, join(repository, 'data/tastematch.db'));
  assert.equal(modelDir, join(repository, 'models/tastematch-MiniLM-L6-en-pt'));
  assert.equal(dataFolderOf('/srv/app/node_modules/tastematch/'), '/srv/app');
  assert.equal(readConfig({ DATABASE_PATH: 'here.db' }).databasePath, 'here.db');
});
