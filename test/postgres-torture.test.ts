import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { noPostgres } from './support/postgres.ts';
import { repository } from './support/service.ts';

test(
  'kills of three services and of the database under load lose no acknowledged write and leave no row without its vector',
  {
    skip: noPostgres,
  },
  async () => {
    const script = join(repository, 'bench/torture-postgres.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '4'], { timeout: 240_000 });
    const { acknowledged, rows, vectors, problems } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(problems, []);
    assert.ok(Number(acknowledged) > 0);
    assert.equal(vectors, rows);
  },
);
