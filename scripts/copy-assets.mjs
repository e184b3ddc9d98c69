/** Puts what the compiler does not know beside the compiled files: the explorer's assets, Swagger UI compressed, and tables of words. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '..');
const assets = resolve(root, 'dist/src/explorer/assets');
mkdirSync(assets, { recursive: true });
// What has been deleted or renamed would still be served.
for (const name of readdirSync(assets)) if (name !== 'swagger-ui') rmSync(join(assets, name));
cpSync(resolve(root, 'src/explorer/assets'), assets, { recursive: true });
for (const table of ['translations.txt', 'place-names.txt', 'concepts.txt']) {
  cpSync(resolve(root, 'src/search/words', table), resolve(root, 'dist/src/search/words', table));
}

const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
const target = join(assets, 'swagger-ui');
/** Compressing takes seconds, so it is done once for each version. */
const mark = join(target, version);
if (!existsSync(mark)) {
  mkdirSync(target, { recursive: true });
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    const content = readFileSync(join(dirname(manifest), name));
    writeFileSync(join(target, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(target, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  writeFileSync(mark, '');
}
