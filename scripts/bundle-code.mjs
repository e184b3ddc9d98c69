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

/** Enables the compile cache (Node 22 and later) before the service is loaded. */
const main = `#!/usr/bin/env node
import module from 'node:module';
module.enableCompileCache?.();
await import('./service/main.js');
`;

/** Writes `dist/src/main.js` and what it loads into `target`. All chunks are in one folder, so relative paths hold. */
export async function bundleCode(root, target) {
  const source = (path) => join(root, 'dist/src', path);
  const folder = join(target, 'dist/src/service');
  await build({
    entryPoints: [
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
    keepNames: true,
    legalComments: 'linked',
    banner: { js: banner },
    external: [...external, 'pg-native'],
    plugins: [englishOnly],
  });
  for (const table of ['translations.txt', 'place-names.txt']) {
    cpSync(source(join('search/words', table)), join(folder, table));
  }
  cpSync(source('explorer/assets'), join(folder, 'assets'), { recursive: true });
  writeFileSync(join(target, 'dist/src/main.js'), main);
  chmodSync(join(target, 'dist/src/main.js'), 0o755);
}
