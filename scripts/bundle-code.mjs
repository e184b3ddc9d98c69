/**
 * Bundles the compiled service into a few files: reading and resolving several hundred modules takes a third of the
 * CPU time of a start. Native packages, and packages whose files are served, stay in node_modules.
 */
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export const external = ['better-sqlite3', 'onnxruntime-node', 'sqlite-vec', 'usearch'];

/** CommonJS packages in the bundle need what ES modules do not have. */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** zod has its messages in 48 languages, 290 KB; the service uses the English ones. */
const englishOnly = {
  name: 'english-only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      importer.includes('/zod/v4/') ? { path: join(resolveDir, '../locales/en.js') } : undefined,
    );
  },
};

/**
 * Loads external packages, which are CommonJS, with `require`. An `import` would first compile Node's export scanner,
 * which is WebAssembly: 2 MB and several ms of CPU time.
 */
const requireExternals = {
  name: 'require-externals',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${external.join('|')})$`);
    onResolve({ filter }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : { path, external: true },
    );
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * What runs before the service is loaded. Node 22 and later have a compile cache. Node 20 compiles the WebAssembly of its
 * `fetch` as soon as `Response` is used: 4 MB and 10 ms for a client that the service never uses. Here it is not compiled,
 * and `fetch` says so.
 */
const main = `#!/usr/bin/env node
import module from 'node:module';
import { keepV8Small } from './service/v8-flags.js';

keepV8Small();
module.enableCompileCache?.();
if (process.versions.node.startsWith('20.')) {
  const { compile } = WebAssembly;
  WebAssembly.compile = () => new Promise(() => {});
  globalThis.Response;
  WebAssembly.compile = compile;
  globalThis.fetch = () => Promise.reject(new Error('fetch is left out of the bundle (scripts/bundle-code.mjs)'));
}
await import('./service/main.js');
`;

/** Writes `dist/src/main.js` and what it loads into `target`. All chunks are in one folder, so relative paths hold. */
export async function bundleCode(root, target) {
  const source = (path) => join(root, 'dist/src', path);
  const folder = join(target, 'dist/src/service');
  await build({
    entryPoints: [
      { in: source('v8-flags.js'), out: 'v8-flags' },
      { in: source('main.js'), out: 'main' },
      { in: source('inference/embedder-process.js'), out: 'embedder-process' },
      { in: source('storage/sqlite/maintenance/backup-worker.js'), out: 'backup-worker' },
    ],
    outdir: folder,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.11',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    banner: { js: banner },
    external: ['pg-native'],
    plugins: [englishOnly, requireExternals],
  });
  for (const table of ['translations.txt', 'place-names.txt', 'concepts.txt']) {
    cpSync(source(join('search/words', table)), join(folder, table));
  }
  cpSync(source('explorer/assets'), join(folder, 'assets'), { recursive: true });
  writeFileSync(join(target, 'dist/src/main.js'), main);
  chmodSync(join(target, 'dist/src/main.js'), 0o755);
}
