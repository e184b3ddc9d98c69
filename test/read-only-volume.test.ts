/** A volume that turns read-only under the service. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startService } from './support/service.ts';

const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'ignore' });

/** An ext4 of its own, mounted from a file; undefined where that is not possible. */
async function ownVolume(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-volume-'));
  const volume = join(folder, 'volume');
  const image = join(folder, 'image');
  const mount = () => run('mount', '-o', 'loop,errors=remount-ro', image, volume);
  const isMounted = async () => (await stat(volume)).dev !== (await stat(folder)).dev;
  t.after(async () => {
    if (await isMounted()) run('umount', '-l', volume);
    await rm(folder, { recursive: true });
  });
  await mkdir(volume);
  await writeFile(image, Buffer.alloc(16 * 1024 * 1024));
  try {
    run('mkfs.ext4', '-q', image);
    mount();
    return {
      volume,
      mount,
      unmount: () => run('umount', volume),
      repair: () => spawnSync('fsck.ext4', ['-y', image]),
    };
  } catch {
    return undefined;
  }
}

test('when the volume turns read-only reads go on and writes say so; on the repaired volume nothing is missing that had reached the disk', async (t) => {
  const own = await ownVolume(t);
  if (!own) return t.skip('no ext4 can be mounted here');
  const service = await startService(t, { EMBED_WAIT_MS: '20000' }, { folder: own.volume });
  for (const name of ['A', 'B', 'C']) await service.request('POST', '/restaurants', { name });
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
  run('sync', '-f', own.volume);
  // The kernel does the same when the disk fails under the file system.
  run('mount', '-o', 'remount,abort', own.volume);

  for (const [method, path] of [
    ['POST', '/restaurants'],
    ['PUT', '/restaurants/2'],
    ['DELETE', '/restaurants/3'],
  ] as const) {
    const refused = await service.request(method, path, { name: 'D' });
    assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable'], method);
    assert.ok(refused.headers.has('retry-after'));
    assert.ok(!/SQLITE|EROFS|test\.db|at /.test(JSON.stringify(refused.body)), JSON.stringify(refused.body));
  }
  assert.equal((await service.get('/restaurants')).body.total, 3);
  assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
  const cold = await service.get('/restaurants/2');
  assert.deepEqual([cold.status, cold.body.name, cold.body.embedding.reason], [200, 'B', 'not-stored']);
  await service.stop();

  own.unmount();
  own.repair();
  own.mount();
  const again = await startService(t, { EMBED_WAIT_MS: '20000' }, { folder: own.volume });
  assert.equal((await again.get('/restaurants')).body.total, 3);
  assert.equal((await again.get('/restaurants/2')).body.embedding.status, 'ready');
  assert.equal((await again.request('POST', '/restaurants', { name: 'D' })).status, 201);
  await again.stop();
});
