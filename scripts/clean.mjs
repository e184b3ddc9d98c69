/** Removes what earlier builds have left: a package must not have compiled files of sources that no longer exist. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';

for (const folder of ['src', 'client'])
  rmSync(resolve(import.meta.dirname, '../dist', folder), { recursive: true, force: true });
