/** Commands that are killed in the middle: nothing acknowledged is lost, and the next run completes the work. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { access, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { runCommand, startCommand } from './support/command.ts';
import { countCommitted, countEmbedded, countRows, rows } from './support/database-file.ts';
import { temporaryFolder, until } from './support/service.ts';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Kills the command when `path` appears; true when it was still at work. */
async function killWhenThereIs(path: string, folder: string, args: readonly string[]): Promise<boolean> {
  const watcher = watch(dirname(path));
  const child = startCommand(folder, args);
  watcher.on('change', (_event, name) => name === basename(path) && child.kill('SIGKILL'));
  await once(child, 'close');
  watcher.close();
  return child.signalCode === 'SIGKILL';
}

test('killed in the middle of an import, a second run completes it without duplicates', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'test.db');
  const child = startCommand(
    folder,
    ['import', '-', '--format', 'ndjson', '--batch-size', '100'],
    {},
    'pipe',
  );
  // Half of the file arrives, and then nothing more: it cannot be done when it is killed.
  const text = rows(2_000);
  child.stdin?.write(text.slice(0, text.length / 2));
  await until('the import is under way', () => countCommitted(path) >= 500);
  child.kill('SIGKILL');
  await once(child, 'close');
  const kept = countRows(path);
  assert.ok(kept >= 500 && kept < 2_000 && kept % 100 === 0, `${kept} rows, whole batches`);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, text);
  const second = await runCommand(folder, ['import', file]);
  const { created, unchanged } = JSON.parse(second.stdout) as Record<string, number>;
  assert.deepEqual([created, unchanged], [2_000 - kept, kept]);
});

test('killed in the middle of a backfill, the next run goes on where it was', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(300));
  await runCommand(folder, ['import', file]);
  const path = join(folder, 'test.db');
  const child = startCommand(folder, ['backfill'], { BACKFILL_CPU_PERCENT: '20' });
  await until('some are embedded', () => countEmbedded(path) > 5);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(child.signalCode, 'SIGKILL');
  const kept = countEmbedded(path);
  assert.ok(kept > 5 && kept < 300, `${kept} were embedded when it was killed`);
  const second = await runCommand(folder, ['backfill'], { BACKFILL_CPU_PERCENT: '100' });
  assert.equal((JSON.parse(second.stdout) as Record<string, number>)['done'], 300 - kept);
  assert.equal((await runCommand(folder, ['doctor'])).code, 0);
});

test('killed in the middle of a backup, there is no half copy, and the next one completes', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(10_000));
  await runCommand(folder, ['import', file]);
  const copy = join(folder, 'copy.db');
  await until('a kill hits a backup at work', async () => {
    await rm(copy, { force: true });
    return killWhenThereIs(`${copy}.partial`, folder, ['backup', copy]);
  });
  if (await exists(copy)) assert.equal(countRows(copy), 10_000);
  await rm(copy, { force: true });
  assert.equal((await runCommand(folder, ['backup', copy])).code, 0);
  assert.equal(countRows(copy), 10_000);
});

test('killed in the middle of a restore, the old database is there, and the next one completes', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows(10_000));
  await runCommand(folder, ['import', file]);
  const path = join(folder, 'test.db');
  const copy = join(folder, 'copy.db');
  await runCommand(folder, ['backup', copy]);
  await writeFile(file, '{"name":"Added later"}\n');
  await runCommand(folder, ['import', file]);
  assert.ok(await killWhenThereIs(`${path}.incoming.partial`, folder, ['restore', copy]), 'the kill hit it');
  assert.equal(countRows(path), 10_001);
  assert.equal((await runCommand(folder, ['restore', copy])).code, 0);
  assert.equal(countRows(path), 10_000);
});
