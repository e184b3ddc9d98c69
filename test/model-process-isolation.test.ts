/** The model process stays within itself: no network, no files of its own. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startService, temporaryFolder } from './support/service.ts';

const OPENING_CALLS =
  'socket,connect,bind,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,symlink';
const opensSocket = (line: string) => /\b(socket|connect|bind)\(/.test(line);
/** Standard input and output are /dev/null. */
const writesFile = (line: string) =>
  !line.includes('"/dev/null"') &&
  /\b(creat|mkdir|mkdirat|rename|renameat|renameat2|link|symlink)\(|O_(WRONLY|RDWR|CREAT)/.test(line);
const readsIdentity = (line: string) => /machine-id/.test(line);

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

test(
  'the model process opens no socket, writes no file and does not read the id of the machine',
  { skip: canTrace ? false : 'strace is not installed, or may not trace' },
  async (t) => {
    const service = await startService(t);
    await service.request('POST', '/restaurants', { name: 'Sem rede' });
    const trace = join(await temporaryFolder(t), 'trace');
    const tracer = spawn(
      'strace',
      ['-f', '-e', `trace=${OPENING_CALLS}`, '-o', trace, '-p', String(service.process.pid)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    t.after(() => tracer.kill());
    // strace says so once it has attached to every thread.
    await once(createInterface({ input: tracer.stderr }), 'line');
    assert.equal((await service.get('/restaurants/1')).body.embedding.status, 'ready');
    const child = service.modelPid();
    await service.stop();
    await once(tracer, 'exit');
    const lines = (await readFile(trace, 'utf8')).split('\n').filter((line) => line.startsWith(`${child} `));
    assert.ok(
      lines.some((line) => line.includes('model_quantized.onnx')),
      'the trace shows the process that loads the model',
    );
    for (const isForbidden of [opensSocket, writesFile, readsIdentity]) {
      assert.deepEqual(lines.filter(isForbidden), []);
    }
  },
);
