/**
 * Runs every measurement, prints the tables and writes bench/RESULTS.md and the plots. `--quick` leaves out what takes long;
 * `--large` adds a million vectors.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { plot } from './plot.mjs';

const folder = new URL('.', import.meta.url).pathname;
const isQuick = process.argv.includes('--quick');
const large = process.argv.includes('--large') ? ['--large'] : [];

const parts = [
  ['Embedding', 'node', ['embedding.mjs'], true],
  ['Service', 'node', ['first-read.mjs']],
  ['Service on one core', 'taskset', ['-c', '0', 'node', 'first-read.mjs']],
  ['Search among peers', 'node', ['--expose-gc', '--max-old-space-size=8000', 'search-peers.mjs', ...large]],
  ['Search with filters, 100,000 rows', 'node', ['--expose-gc', 'search.mjs']],
  ['Reads while searches run', 'node', ['reads-under-search.mjs']],
  ['Growth', 'node', ['growth.mjs']],
  ['Quality', 'node', ['quality.mjs']],
  ['Explorer', 'node', ['explorer.mjs']],
  ['Operation', 'node', ['operation.mjs'], true],
  ['Memory limit', 'node', ['memory-limit.mjs'], true],
];
const plots = {
  growth: { title: 'Cost of a request as the catalogue grows', unit: 'ms, restaurants' },
  search: { title: 'Ten nearest of so many vectors', unit: 'ms, vectors' },
};
const versionOf = (name) =>
  JSON.parse(readFileSync(join(folder, '..', 'node_modules', name, 'package.json'), 'utf8')).version;
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
  cwd: folder,
  encoding: 'utf8',
}).trim();

const report = [
  '# Results',
  '',
  `${new Date().toISOString().slice(0, 10)}, commit ${commit}. ${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, onnxruntime-node ${versionOf('onnxruntime-node')}, better-sqlite3 ${versionOf('better-sqlite3')}, sqlite-vec ${versionOf('sqlite-vec')}, usearch ${versionOf('usearch')}, hono ${versionOf('hono')}.`,
  '',
  'Made by `npm run bench`. Ratios within one run count; absolute times are those of this machine. Large catalogues are synthetic (seeded).',
];
for (const [title, command, args, takesLong] of parts) {
  if (isQuick && takesLong) continue;
  console.log(`\n## ${title}`);
  const { stdout = '', status } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 1_800_000,
  });
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines.filter((one) => one.startsWith('series '))) {
    const { name, x, lines: series } = JSON.parse(line.slice(7));
    const complete = Object.fromEntries(Object.entries(series).filter(([, values]) => values.length > 0));
    writeFileSync(join(folder, `${name}.svg`), plot({ ...plots[name], x, lines: complete }));
  }
  const text = lines.filter((line) => !line.startsWith('series ')).join('\n');
  console.log(text);
  const shown = text.includes('|---') ? text : ['```', text, '```'].join('\n');
  report.push(
    '',
    `## ${title}`,
    '',
    `\`${command} ${args.join(' ')}\` in \`bench/\`${status === 0 ? '' : ` (exit code ${status})`}`,
    '',
    shown,
  );
}
for (const name of Object.keys(plots)) report.push('', `![${plots[name].title}](${name}.svg)`);
writeFileSync(join(folder, 'RESULTS.md'), `${report.join('\n')}\n`);
