/** The bundle, which is what the image holds, is complete: it starts elsewhere and embeds. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { repository, temporaryFolder } from './support/service.ts';

test('the bundle runs by itself in another folder, and is small', async (t) => {
  const folder = await temporaryFolder(t);
  const bundle = join(folder, 'bundle');
  const sizes = execFileSync(process.execPath, [join(repository, 'scripts/bundle.mjs'), bundle]).toString();
  const total = Number(/together +([\d.]+) MB/.exec(sizes)?.[1]);
  assert.ok(total > 20 && total <= 130, sizes);

  const service = spawn(process.execPath, ['dist/src/main.js', 'serve', '--sample-data'], {
    cwd: bundle,
    env: { PORT: '0', DATABASE_PATH: join(folder, 'data/test.db'), EMBED_WAIT_MS: '20000' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => service.kill('SIGKILL'));
  let url = '';
  for await (const line of createInterface({ input: service.stdout })) {
    if (!line.includes('"listening"')) continue;
    url = (JSON.parse(line) as { address: string }).address;
    break;
  }
  const restaurant = (await (await fetch(`${url}/restaurants/1`)).json()) as { embedding: object };
  assert.equal((restaurant.embedding as { status: string }).status, 'ready');
  const searched = (await (await fetch(`${url}/search?q=piza`)).json()) as { corrected: object };
  assert.deepEqual(searched.corrected, { piza: 'pizza' });
  for (const path of ['/', '/assets/any/base.css', '/docs/swagger-ui-bundle.js', '/openapi.json']) {
    assert.equal((await fetch(url + path)).status, 200, path);
  }
  const exited = once(service, 'exit');
  service.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});
