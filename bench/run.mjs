/**
 * Runs every measurement, prints the tables and writes bench/RESULTS.md and the plots. A part that fails or takes too
 * long is told with its exit code, the others go on, and the whole ends with 1. `--quick` is a smoke test of a few
 * minutes; `--large` adds a million vectors; other words choose the parts whose title has them. Only a full run
 * writes files.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isQuick, show } from './goals.mjs';
import { plot } from './plot.mjs';
import { describeRun } from './results-heading.mjs';
import { root } from './service.mjs';

const bench = join(root, 'bench');
const isLarge = process.argv.includes('--large');
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isFull = !isQuick && chosen.length === 0;
const started = performance.now();
/** Without --large, no part begins later, and none goes on for longer. */
const END_MS = 33 * 60_000;

const part = (title, minutes, args, extra = {}) => ({ title, minutes, args, ...extra });
/** Minutes are those after which a part is stopped; the usual time is about half. */
const parts = [
  part('Embedding', 8, ['embedding.mjs'], { beforehand: ['prepare-python.mjs'] }),
  part('Start', 2, ['start.mjs']),
  part('First read', 2, ['first-read.mjs']),
  part('First read on one core', 2, ['first-read.mjs', '--one-core']),
  part('Portuguese texts', 2, ['portuguese.mjs']),
  part('Warm requests', 3, ['warm-routes.mjs']),
  part('Warm requests on one core', 3, ['warm-routes.mjs', '--one-core']),
  part('Search among peers', isLarge ? 180 : 12, ['search-peers.mjs', ...(isLarge ? ['--large'] : [])]),
  part('Search with filters, 100,000 rows', 3, ['--expose-gc', 'search.mjs'], {
    quick: ['search.mjs', '2000'],
  }),
  part('Reads while searches run', 4, ['reads-under-search.mjs'], { quick: false }),
  part('Growth', 5, ['growth.mjs']),
  part('Quality', 2, ['quality.mjs']),
  part('Profile', 2, ['profile.mjs']),
  part('Explorer', 2, ['explorer.mjs'], { quick: false }),
  part('Operation', 9, ['operation.mjs'], { quick: false }),
  part('Throttled CPU', 5, ['throttled.mjs'], { quick: false }),
  part('Memory limit', 6, ['memory-limit.mjs'], { quick: false }),
];
const plots = {
  search: { title: 'Ten nearest of so many synthetic vectors', unit: 'ms, p50' },
  growth: { title: 'Cost of a request as the catalogue grows', unit: 'ms, median' },
};

/** Runs a script; gives what it printed and how it ended. Its time being over, the processes it started end with it. */
function run(args, timeoutMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: bench,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let isLate = false;
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      process.stdout.write(chunk.replaceAll(/^series .*\n/gm, ''));
    });
    const end = () => {
      isLate = true;
      process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(end, timeoutMs);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        text: text.trimEnd(),
        failure: isLate ? 'stopped: its time was over' : failureOf(code, signal),
      });
    });
  });
}

const failureOf = (code, signal) => (code === 0 ? undefined : `exit code ${signal ?? code}`);

function writePlots(lines) {
  for (const line of lines) {
    const { name, x, lines: series } = JSON.parse(line.slice('series '.length));
    const svg = plot({ ...plots[name], x, lines: series });
    if (isFull) writeFileSync(join(bench, `${name}.svg`), svg);
    plots[name].isDrawn = true;
  }
}

const report = [];
const failures = [];
const goals = { met: 0, missed: [] };

function note({ title, args }, { text, failure }, seconds) {
  const lines = text.split('\n');
  writePlots(lines.filter((line) => line.startsWith('series ')));
  const shown = lines.filter((line) => !line.startsWith('series '));
  goals.met += shown.filter((line) => / \| met \|$/.test(line)).length;
  for (const line of shown.filter((one) => / \| missed \|$/.test(one))) goals.missed.push({ title, line });
  if (failure) failures.push(`${title}: ${failure}`);
  const hasTable = shown.some((line) => line.startsWith('|---'));
  const command = `\`node ${args.join(' ')}\` in \`bench/\`, ${show(Math.round(seconds))} s`;
  report.push('', `## ${title}`, '', failure ? `${command}. **Failed: ${failure}.**` : `${command}.`, '');
  report.push(...(hasTable ? shown : ['```', ...shown, '```']));
}

for (const one of parts) {
  const { title, minutes, args, quick = [...args, '--quick'], beforehand } = one;
  if (isQuick && !quick) continue;
  if (!chosen.every((word) => title.toLowerCase().includes(word.toLowerCase()))) continue;
  console.log(`\n## ${title}\n`);
  // Not counted: the first run on a machine downloads Python packages.
  const before = performance.now();
  if (beforehand) await run(beforehand, 30 * 60_000);
  one.preparedMs = performance.now() - before;
  const prepared = parts.reduce((sum, { preparedMs = 0 }) => sum + preparedMs, 0);
  const left = isLarge ? Infinity : END_MS - (performance.now() - started - prepared);
  const startedAt = performance.now();
  const result =
    left > 5_000
      ? await run(isQuick ? quick : args, Math.min(minutes * 60_000, left))
      : { text: '', failure: 'left out: the time was over' };
  note(one, result, (performance.now() - startedAt) / 1_000);
}

const missed = goals.missed.map(
  ({ title, line }) => `- ${title}: ${line.split(' | ').slice(0, 3).join(', ').slice(2)}`,
);
const text = [
  '# Results',
  '',
  ...describeRun(),
  '',
  `Goals: ${goals.met} met, ${goals.missed.length} missed${goals.missed.length > 0 ? ':' : '.'}`,
  ...(missed.length > 0 ? ['', ...missed] : []),
  ...(failures.length > 0 ? ['', '**Failed parts:**', '', ...failures.map((one) => `- ${one}`)] : []),
  ...Object.entries(plots).flatMap(([name, { title, isDrawn }]) =>
    isDrawn ? ['', `![${title}](${name}.svg)`] : [],
  ),
  ...report,
];
if (isFull) writeFileSync(join(bench, 'RESULTS.md'), `${text.join('\n')}\n`);
else console.log(`\n${text.slice(0, -report.length).join('\n')}`);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(
  `\n${minutes} min; goals: ${goals.met} met, ${goals.missed.length} missed; failed parts: ${failures.length}`,
);
for (const failure of failures) console.log(`  ${failure}`);
if (failures.length > 0) process.exitCode = 1;
