/**
 * `npm run torture`: every attack and fault test one after the other, each within its time limit, and a table of which
 * met their goals. `torture.mjs NAME...` runs some of them; `--service DIR` attacks another built version, where the
 * script supports it (see attack.mjs). Ends with 1 when one missed a goal.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { heading, row } from './goals.mjs';
import { root } from './service.mjs';

/** Minutes that each may take. */
const limits = {
  pipelining: 5,
  exports: 5,
  namesakes: 12,
  bodies: 5,
  scans: 5,
  idle: 5,
  hostile: 10,
  connections: 8,
  kill: 30,
  load: 20,
  contract: 60,
};
const args = process.argv.slice(2);
const at = args.indexOf('--service');
const passed = at === -1 ? [] : args.splice(at, 2);
const names = args.length > 0 ? args : Object.keys(limits);

async function run(name) {
  const command =
    name === 'contract'
      ? ['bash', join(root, 'bench/torture-contract.sh')]
      : [process.execPath, join(root, `bench/torture-${name}.mjs`), ...passed];
  console.log(`\n# ${name}`);
  const startedAt = performance.now();
  // In a process group of its own, so that the time limit also ends the services that it has started.
  const child = spawn(command[0], command.slice(1), { stdio: 'inherit', detached: true });
  const stop = (signal) => () => process.kill(-child.pid, signal);
  let isLate = false;
  const timer = setTimeout(() => stop('SIGKILL')((isLate = true)), limits[name] * 60_000);
  const interrupt = () => {
    stop('SIGTERM')();
    process.exit(1);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  const outcome = isLate ? `ended after ${limits[name]} minutes` : code === 0 ? 'met' : 'missed';
  return { name, outcome, minutes: (performance.now() - startedAt) / 60_000 };
}

const unknown = names.filter((name) => !(name in limits));
if (unknown.length > 0)
  throw new Error(`${unknown.join(', ')}: not one of ${Object.keys(limits).join(', ')}`);
const outcomes = [];
for (const name of names) outcomes.push(await run(name));
console.log('\n# Goals\n');
heading('attack or fault', 'goals', 'minutes');
for (const { name, outcome, minutes } of outcomes) row(name, outcome, minutes.toFixed(1));
process.exitCode = outcomes.every(({ outcome }) => outcome === 'met') ? 0 : 1;
