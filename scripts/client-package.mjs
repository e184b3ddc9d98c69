/**
 * Makes the typed client a package of its own in dist/client: the compiled client and the declarations that its types
 * need, without the service. `npm install ./dist/client` and `npm pack ./dist/client` take it.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'dist/src');
const target = join(root, 'dist/client');

const files = new Set();
const packages = new Set();

/** Follows the imports of a compiled file, including `import('…')` in types. */
function collect(file) {
  if (files.has(file)) return;
  files.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport\()['"]([^'"]+)['"]/g)) {
    if (name.startsWith('.'))
      collect(join(dirname(file), file.endsWith('.d.ts') ? name.replace(/\.[jt]sx?$/, '.d.ts') : name));
    else if (!name.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)[0]);
  }
}

collect(join(source, 'client.js'));
collect(join(source, 'client.d.ts'));

rmSync(target, { recursive: true, force: true });
for (const file of files) cpSync(file, join(target, relative(source, file)));

const { version, license, engines, dependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const manifest = {
  name: '@tastematch/client',
  version,
  description: 'Typed client of the TasteMatch API.',
  license,
  type: 'module',
  exports: { types: './client.d.ts', default: './client.js' },
  engines,
  dependencies: Object.fromEntries(
    [...packages].sort((a, b) => (a < b ? -1 : 1)).map((name) => [name, dependencies[name]]),
  ),
};
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
