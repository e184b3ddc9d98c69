/** What a result needs beside it: date, commit, machine, versions of all that was compared. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { pythonPackages } from './python-environment.mjs';
import { root } from './service.mjs';

const isLarge = process.argv.includes('--large');
const ours = [
  'onnxruntime-node',
  '@huggingface/tokenizers',
  'better-sqlite3',
  'sqlite-vec',
  'usearch',
  'hono',
  '@hono/node-server',
];
const peers = ['@huggingface/transformers', 'usearch', 'hnswlib-node', 'autocannon'];

const versionOf = (folder, name) => {
  const file = join(root, folder, 'node_modules', name, 'package.json');
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
};

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--', 'src', 'models') !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`;
  } catch {
    return 'no commit known';
  }
}

/** Lines of Markdown. */
export function describeRun() {
  const machine = `${availableParallelism()} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${commit()}`,
    `- ${machine}, Linux ${release()}, Node ${process.version}`,
    `- the service: ${ours.map((name) => versionOf('.', name)).join(', ')}`,
    `- peers: ${peers.map((name) => versionOf('bench', name)).join(', ')}`,
    `- Python peers: ${pythonPackages.map((one) => one.replace('==', ' ')).join(', ')}`,
    '',
    `Made by \`npm run bench${isLarge ? ' -- --large' : ''}\`; the command of each part stands`,
    'below its title. Ratios within one run count; absolute times are those of this machine. Texts and vectors of',
    'large catalogues are synthetic (seeded).',
  ];
}
