/** What `npm pack` makes, installed in an empty folder as `npm install` would do it, without a registry. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { afterwards, repository, temporaryFolder } from './service.ts';

export const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The registry's packages are those of the repository. */
async function link(folder: string, name: string): Promise<void> {
  const target = join(folder, 'node_modules', name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(repository, 'node_modules', name), target);
}

/** Packs `source` and installs the tarball with its dependencies, and no others, in a new folder. */
export async function installPacked(t: TestContext, source: string): Promise<string> {
  const folder = await temporaryFolder(t);
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: source });
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Manifest;
  const tarball = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
  await run('tar', ['-xzf', tarball], { cwd: folder });
  const installed = join(folder, 'node_modules', manifest.name);
  await mkdir(dirname(installed), { recursive: true });
  await rename(join(folder, 'package'), installed);
  for (const name of Object.keys(manifest.dependencies)) await link(folder, name);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

/** Compiles a program that uses an installed package, strictly and with its declarations checked. */
export async function compileProgram(folder: string, program: string): Promise<void> {
  for (const name of ['@types/node', 'undici-types']) await link(folder, name);
  await writeFile(join(folder, 'program.ts'), program);
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  await run(join(repository, 'node_modules/.bin/tsc'), [...options, 'program.ts'], { cwd: folder });
}

/** Starts the installed command in its folder, and resolves to the address that it logs. */
export async function serveInstalled(
  t: TestContext,
  folder: string,
  given: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<string> {
  const main = join(folder, 'node_modules/tastematch/dist/src/main.js');
  const child = spawn(process.execPath, [main, 'serve', ...given], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', EMBED_WAIT_MS: '20000', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  afterwards(t, async () => {
    child.kill('SIGKILL');
    await exited;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const { msg, address } = JSON.parse(line) as { msg: string; address: string };
    if (msg === 'listening') {
      child.stdout.resume();
      return address;
    }
  }
  throw new Error('the service ended before it listened');
}
