/** Puts what the compiler does not know, the explorer's style sheet, modules and icon, beside the compiled pages. */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
cpSync(resolve(root, 'src/explorer/assets'), resolve(root, 'dist/src/explorer/assets'), { recursive: true });
