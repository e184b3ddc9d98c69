/**
 * `npm run dev`: compiles whenever the source changes, and restarts the service when compiled files change.
 * Arguments after `--` are passed on to the service.
 */
import { spawn, spawnSync } from 'node:child_process';
import { utimesSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'];
const copyAssets = () =>
  spawnSync(process.execPath, ['scripts/copy-assets.mjs'], { cwd: root, stdio: 'inherit' });

const built = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
copyAssets();

watch(join(root, 'src/explorer/assets'), () => {
  copyAssets();
  // node --watch follows modules only: this one reads the assets.
  const now = new Date();
  utimesSync(join(root, 'dist/src/explorer/assets.js'), now, now);
});

const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
const children = [
  start([...tsc, '--watch', '--preserveWatchOutput']),
  start([
    '--watch',
    '--watch-preserve-output',
    'dist/src/main.js',
    'serve',
    '--sample-data',
    ...process.argv.slice(2),
  ]),
];

function stop() {
  for (const child of children) child.kill();
  process.exit();
}
process.once('SIGINT', stop).once('SIGTERM', stop);
for (const child of children) child.once('exit', stop);
