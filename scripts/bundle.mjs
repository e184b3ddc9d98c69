/**
 * Makes `bundle/`: everything that the image holds, and nothing else. Usage: node scripts/bundle.mjs [folder]
 * Needs `npm ci` and `npm run build` before. Prints what takes how much.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { bundleCode, external } from './bundle-code.mjs';

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'bundle'));
const platform = `linux-${process.arch}`;
const GOAL_MB = 130;

/** Needed to install a package, never to run it. */
const installOnly = new Set([
  'prebuild-install',
  'global-agent',
  'adm-zip',
  'node-addon-api',
  '@scarf/scarf',
]);
const uselessFile =
  /\.(d\.[cm]?ts|ts|map|md|markdown|c|cc|cpp|h|hpp|gyp|gypi)$|\/(test|tests|docs|example|examples|deps|src)\//;
/** Native binaries of other platforms, and what native packages keep besides their binary. */
const keepOnly = {
  'onnxruntime-node': (path) => !path.startsWith('bin/') || path.includes(`/linux/${process.arch}/`),
  'better-sqlite3': (path) => !path.startsWith('build/') || path === 'build/Release/better_sqlite3.node',
  usearch: (path) => !path.startsWith('prebuilds/') || path.startsWith(`prebuilds/${platform}`),
};
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The packages that are not part of the bundled code, and their dependencies, with their folders. */
function runtimePackages() {
  const found = new Map();
  const visit = (name, from, optional) => {
    if (installOnly.has(name)) return;
    let folder = from;
    while (!existsSync(join(folder, 'node_modules', name))) {
      if (folder === root || folder === '/') {
        if (optional) return;
        throw new Error(`${name} is not installed: run npm ci`);
      }
      folder = dirname(folder);
    }
    const path = join(folder, 'node_modules', name);
    if (found.has(path)) return;
    found.set(path, name);
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = readJson(join(path, 'package.json'));
    for (const dependency of Object.keys(dependencies)) visit(dependency, path, false);
    for (const dependency of Object.keys(optionalDependencies)) visit(dependency, path, true);
    for (const dependency of Object.keys(peerDependencies)) {
      if (!peerDependenciesMeta[dependency]?.optional) visit(dependency, path, true);
    }
  };
  for (const name of external) visit(name, root, false);
  return found;
}

function copyPackage(path, name) {
  const isKept = keepOnly[name] ?? (() => true);
  cpSync(path, join(target, relative(root, path)), {
    recursive: true,
    dereference: true,
    filter(source) {
      if (statSync(source).isDirectory()) return relative(path, source) !== 'node_modules';
      const inside = relative(path, source);
      return isKept(inside) && !uselessFile.test(`/${inside}`);
    },
  });
}

const megabytes = (path) => {
  if (!statSync(path).isDirectory()) return statSync(path).size / 1e6;
  return readdirSync(path).reduce((sum, name) => sum + megabytes(join(path, name)), 0);
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [path, name] of runtimePackages()) copyPackage(path, name);
await bundleCode(root, target);
const shipped = [
  'models/SHA256SUMS',
  'models/tastematch-MiniLM-L6-en-pt',
  // The default of earlier releases: a deployment that has it pinned in MODEL_DIR keeps working.
  'models/all-MiniLM-L6-v2',
  'data/restaurants.ndjson',
  'LICENSE',
  'LICENCES.md',
];
for (const path of shipped) {
  if (existsSync(join(root, path))) cpSync(join(root, path), join(target, path), { recursive: true });
}
const { name, version, license, type, engines } = readJson(join(root, 'package.json'));
writeFileSync(
  join(target, 'package.json'),
  `${JSON.stringify({ name, version, license, private: true, type, engines }, null, 2)}\n`,
);

for (const part of readdirSync(target))
  console.log(`${part.padEnd(14)} ${megabytes(join(target, part)).toFixed(1).padStart(6)} MB`);
const total = megabytes(target);
console.log(
  `${'together'.padEnd(14)} ${total.toFixed(1).padStart(6)} MB (goal: at most ${GOAL_MB}, without Node)`,
);
