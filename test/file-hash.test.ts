/** Model files are hashed once: afterwards size and modification time tell that they are the same. */
import assert from 'node:assert/strict';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFileHashes } from '../src/inference/file-hash.ts';
import { temporaryFolder } from './support/service.ts';

test('a file of unchanged size and time is not read again, also after a restart; a changed one is', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'model.onnx');
  const memory = join(folder, 'verified.json');
  await writeFile(file, 'first');
  // Whole seconds can be set again exactly.
  const time = new Date('2026-01-31T12:00:00Z');
  await utimes(file, time, time);
  const first = await createFileHashes(memory).of(file);

  // Other bytes under the same size and time: only reading them could tell.
  await writeFile(file, 'other');
  await utimes(file, time, time);
  const restarted = createFileHashes(memory);
  assert.equal(await restarted.of(file), first);

  await utimes(file, time, new Date('2026-01-31T12:00:01Z'));
  const changed = await restarted.of(file);
  assert.notEqual(changed, first);
});

const damages: [string, (content: string) => string][] = [
  ['not JSON', () => 'no JSON'],
  ['null', () => 'null'],
  ['another object', () => '{"files":[]}'],
  ['cut short', (content) => content.slice(0, -20)],
  ['changed by one digit of a hash', (content) => content.replace(/("sha256":")./, (_, key) => `${key}x`)],
];
for (const [damage, change] of damages) {
  test(`a file of remembered hashes that is ${damage} is ignored and repaired`, async (t) => {
    const folder = await temporaryFolder(t);
    const file = join(folder, 'model.onnx');
    const memory = join(folder, 'verified.json');
    await writeFile(file, 'bytes');
    const sha256 = await createFileHashes(memory).of(file);
    const sound = await readFile(memory, 'utf8');
    await writeFile(memory, change(sound));
    assert.equal(await createFileHashes(memory).of(file), sha256);
    assert.equal(await readFile(memory, 'utf8'), sound);
  });
}
