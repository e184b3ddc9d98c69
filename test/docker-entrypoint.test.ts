/** What the image does before it serves: putting a backup that lies on the volume in the place of the database. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { runCommand } from './support/command.ts';
import { countRows, rows } from './support/database-file.ts';
import { afterwards, repository, temporaryFolder } from './support/service.ts';

/** Starts the service as the image does, but for the change of user, and waits until it listens. */
async function startImage(t: TestContext, folder: string): Promise<ChildProcess> {
  const tools = join(folder, 'tools');
  await mkdir(tools, { recursive: true });
  await writeFile(join(tools, 'id'), '#!/bin/sh\necho 1000\n', { mode: 0o755 });
  const child = spawn('sh', ['docker-entrypoint.sh', 'node', 'dist/src/main.js', 'serve'], {
    cwd: repository,
    env: {
      PATH: `${tools}:${join(process.execPath, '..')}:${process.env['PATH']}`,
      PORT: '0',
      DATABASE_PATH: join(folder, 'test.db'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  afterwards(t, async () => {
    child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"listening"')) return child;
  }
  throw new Error('the image does not listen');
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

test('a backup put on the volume as restore.db is restored by the next start, once', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(40));
  await runCommand(folder, ['import', file]);
  await runCommand(folder, ['backup', join(folder, 'restore.db')]);
  await writeFile(file, '{"name":"Added later"}\n');
  await runCommand(folder, ['import', file]);

  await stop(await startImage(t, folder));
  assert.equal(countRows(join(folder, 'test.db')), 40);
  const names = await readdir(folder);
  assert.ok(names.includes('restored.db') && !names.includes('restore.db'), names.join());

  await runCommand(folder, ['import', file]);
  await stop(await startImage(t, folder));
  assert.equal(countRows(join(folder, 'test.db')), 41);
});

test('a restore.db that is no sound database is put aside, and the service starts with what it had', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(40));
  await runCommand(folder, ['import', file]);
  await writeFile(join(folder, 'restore.db'), 'half of an upload');
  await stop(await startImage(t, folder));
  assert.equal(countRows(join(folder, 'test.db')), 40);
  assert.ok((await readdir(folder)).includes('restore-refused.db'));
});
