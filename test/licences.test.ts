/** What ships with the service may ship with it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from './support/service.ts';

const permissive =
  /^\(?(MIT|ISC|BlueOak-1\.0\.0|Apache[- ]2\.0|BSD-[23]-Clause|MIT OR [\w.-]+|BSD-2-Clause OR MIT OR Apache-2\.0)\)?$/;

test('every runtime dependency has a permissive licence', async () => {
  const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { license?: string; dev?: boolean; devOptional?: boolean }>;
  };
  const runtime = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  assert.ok(runtime.length > 50);
  const others = runtime.filter(([, { license }]) => !permissive.test(license ?? ''));
  assert.deepEqual(
    others.map(([path, { license }]) => [path, license]),
    [],
  );
});

test('every runtime dependency is listed with its licence in LICENCES.md', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/licences.mjs', '--check'], {
    cwd: repository,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
