/** Writes the table in docs/configuration.md from the variables of the built service. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const { variables } = await import(join(root, 'dist/src/config/variables.js'));
const file = join(root, 'docs/configuration.md');
const rows = Object.entries(variables).map(
  ([name, { fallback, about }]) => `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${about} |`,
);
const [before] = readFileSync(file, 'utf8').split('| variable |');
const table = ['| variable | default | what |', '|---|---|---|', ...rows].join('\n');
writeFileSync(file, `${before}${table}\n`);
