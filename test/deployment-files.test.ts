/** The example files for deployment parse, and say what the service needs. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { readConfig } from '../src/config/config.ts';
import { repository } from './support/service.ts';

const run = promisify(execFile);
const toJson = 'import json, sys, tomllib; json.dump(tomllib.load(open(sys.argv[1], "rb")), sys.stdout)';
const hasTomllib = await run('python3', ['-c', 'import tomllib']).then(
  () => true,
  () => false,
);

test('compose.yaml runs two services, a database that they wait for, and a load balancer', async () => {
  const { services, configs, volumes } = parse(
    await readFile(join(repository, 'compose.yaml'), 'utf8'),
    // The alias that both services share.
    { merge: true },
  );
  const own = [services['service-1'], services['service-2']];
  for (const { environment, depends_on: waitsFor } of own) {
    assert.ok(waitsFor.database.condition === 'service_healthy' && services.database.healthcheck);
    // Compose puts the default in where the variable is not set.
    const apiKey = environment.API_KEY.replace(/^\$\{API_KEY:-(.*)\}$/, '$1');
    assert.equal(readConfig({ ...environment, API_KEY: apiKey }).databaseUrl, environment.DATABASE_URL);
  }
  assert.match(configs.caddyfile.content, /reverse_proxy service-1:8080 service-2:8080/);
  assert.deepEqual(Object.keys(volumes), ['database']);
});

for (const file of ['fly.toml', 'fly.postgres.toml']) {
  test(
    `${file} parses, and its environment is one that the service accepts`,
    {
      skip: !hasTomllib && !process.env['CI'] && 'no python3 with tomllib',
    },
    async () => {
      const { stdout } = await run('python3', ['-c', toJson, join(repository, file)]);
      const { env, http_service: http } = JSON.parse(stdout);
      assert.equal(String(http.internal_port), env.PORT);
      const secrets = { API_KEY: 'a-key-that-is-a-secret-of-the-app' };
      assert.equal(readConfig({ ...env, ...secrets }).port, http.internal_port);
    },
  );
}
