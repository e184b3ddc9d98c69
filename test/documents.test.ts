/** The documents keep what they promise: links lead somewhere, and every shell block runs or is at least valid. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readShellBlocks } from './support/documents.ts';
import { repository, startService } from './support/service.ts';

/** Problems other than those that a document shows on purpose. */
const unexpectedProblem = /"code":"(?!invalid-request"|invalid")/;

/** What the tests do not have or do elsewhere: only the syntax of these blocks is checked. */
const needsMore = /\b(fly|ssh|docker|litestream|npm|npx|postgres|https:)\b|BENCH/;

const files = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'ARCHITECTURE.md',
  ...(await readdir(join(repository, 'docs')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const documents = await Promise.all(
  files.map(async (file) => ({ file, text: await readFile(join(repository, file), 'utf8') })),
);

test('the README can be read in one sitting', () => {
  const readme = documents.find(({ file }) => file === 'README.md')?.text ?? '';
  assert.ok(readme.length <= 9_000, `${readme.length} characters`);
});

/** GitHub's anchors: lower case, without punctuation, spaces as hyphens. */
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every link within the repository leads to a file, and to a heading in it', () => {
  for (const { file, text } of documents) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : join(dirname(file), path);
      assert.ok(existsSync(join(repository, found)), `${file}: ${target}`);
      if (anchor === undefined) continue;
      const linked = documents.find((document) => document.file === found)?.text ?? '';
      assert.ok(anchors(linked).includes(anchor), `${file}: ${target}`);
    }
  }
});

test('every shell block is valid shell', () => {
  for (const { file, text } of documents) {
    for (const { script } of readShellBlocks(text)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      assert.equal(status, 0, `${file}: ${script}\n${stderr}`);
    }
    for (const { script, isRun } of readShellBlocks(text)) {
      assert.ok(isRun || needsMore.test(script), `${file}: this block can be run by the tests: ${script}`);
    }
    assert.doesNotMatch(text, /^```(bash|shell|console)\b/m, `${file}: mark shell blocks as sh`);
  }
});

for (const { file, text } of documents) {
  const runnable = readShellBlocks(text).filter(({ isRun }) => isRun);
  if (runnable.length === 0) continue;
  test(`the shell blocks of ${file} run, in order, against the sample catalogue`, async (t) => {
    const service = await startService(t, {}, { arguments: ['--sample-data'] });
    for (const name of ['dist', 'data', 'models'])
      await symlink(join(repository, name), join(service.folder, name));
    for (const { script } of runnable) {
      const command = script.replaceAll('localhost:8080', service.url);
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], {
        cwd: service.folder,
        env: { ...process.env, DATABASE_PATH: 'test.db', API_KEY: 'any' },
      });
      assert.doesNotMatch(stdout, unexpectedProblem, script);
    }
  });
}
