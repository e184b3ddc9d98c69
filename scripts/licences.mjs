/** Writes LICENCES.md: every runtime dependency with its licence, from the lock file. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../LICENCES.md', import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const rows = Object.entries(packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
  .map(
    ([path, { version, license }]) => `| ${path.split('node_modules/').at(-1)} | ${version} | ${license} |`,
  );
const text = `# Licences of the runtime dependencies

Made from \`package-lock.json\` by \`npm run licences\`; a test holds it to that, and the licences to permissive ones.

| package | version | licence |
|---|---|---|
${[...new Set(rows)].toSorted().join('\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('LICENCES.md does not list what package-lock.json has: npm run licences\n');
  process.exitCode = 1;
}
