/**
 * Writes the service as it is shipped, in a few files, into `dist/bundle`, next to links to what it reads. The test
 * suite starts several hundred processes, and a bundled one starts with two thirds of the CPU time.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleCode } from './bundle-code.mjs';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'dist/bundle');
rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'dist/src'), { recursive: true });
await bundleCode(root, target);
for (const name of ['models', 'data', 'package.json']) symlinkSync(join(root, name), join(target, name));
