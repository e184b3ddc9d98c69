/** Puts what the compiler does not know beside the compiled files: the explorer's assets, and tables of words. */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
cpSync(resolve(root, 'src/explorer/assets'), resolve(root, 'dist/src/explorer/assets'), { recursive: true });
for (const table of ['translations.txt', 'place-names.txt']) {
  cpSync(resolve(root, 'src/search/words', table), resolve(root, 'dist/src/search/words', table));
}
