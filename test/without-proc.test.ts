/** Without /proc (macOS) the model process reports its own CPU time, so that a backfill is throttled there, too. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from './support/service.ts';

const hideProc = ['-m', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh'];
const canHideProc = spawnSync('unshare', [...hideProc, 'true']).status === 0;

const program = `
  import { createChildEmbedder } from '${join(repository, 'dist/src/inference/child-embedder.js')}';
  import { findModelFiles } from '${join(repository, 'dist/src/inference/model-files.js')}';
  const embedder = createChildEmbedder({
    identify: () => findModelFiles('${join(repository, 'models/paraphrase-MiniLM-L3-v2')}'),
    queueLimit: 10,
    timeoutMs: 20_000,
    idleSeconds: 0,
  });
  await embedder.embed('one', 'background').result;
  const first = embedder.cpuMicros();
  for (let i = 0; i < 20; i += 1) await embedder.embed('text ' + i, 'background').result;
  console.log(JSON.stringify({ memory: embedder.childMemory() ?? null, first, later: embedder.cpuMicros() }));
  await embedder.close();
`;

test(
  'the CPU time of the model process is known without /proc',
  { skip: canHideProc ? false : 'a mount namespace cannot be made here' },
  () => {
    const node = [process.execPath, '--input-type=module', '-e', program];
    const { stdout, stderr } = spawnSync('unshare', [...hideProc, ...node], { encoding: 'utf8' });
    const { memory, first, later } = JSON.parse(stdout || assert.fail(stderr));
    assert.equal(memory, null);
    assert.ok(first > 0 && later > first, `${first} µs, then ${later} µs`);
  },
);
