/**
 * The start of the service, from exec until it is ready: wall time, CPU time and resident memory; and the time of the
 * first response. Usage: node bench/start.mjs [folder with dist/ or a bundle]... The goals are those of the last folder, by default
 * of a bundle made now. The exit code is 1 when one is missed.
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { goalsHeading, heading, isQuick, row, show, tell } from './goals.mjs';
import { makeBundle, median, processCpuMs, processMb, root, temporaryFolder } from './service.mjs';

const RUNS = isQuick ? 3 : 15;
const GOALS = { cpuMs: 300, firstResponseMs: 250, residentMb: 65 };

async function start(folder, database) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(folder, 'dist/src/main.js'), 'serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_PATH: join(database, 'bench.db'),
      MALLOC_ARENA_MAX: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((end) => child.once('exit', end));
  const url = await new Promise((listening) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"listening"')) listening(JSON.parse(line).address);
    });
  });
  const readyMs = performance.now() - startedAt;
  const cpuMs = processCpuMs(child.pid);
  await (await fetch(`${url}/restaurants/1`)).text();
  const firstResponseMs = performance.now() - startedAt;
  // Memory settles after the first responses.
  for (let i = 0; i < 20; i += 1) await (await fetch(`${url}/restaurants`)).text();
  const residentMb = processMb(child.pid);
  const anonymousMb = processMb(child.pid, 'RssAnon');
  child.kill('SIGTERM');
  await exited;
  return { readyMs, cpuMs, firstResponseMs, residentMb, anonymousMb };
}

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
heading(`Start, median of ${RUNS}`, 'ready ms', 'CPU ms', 'first response ms', 'resident MB', 'anonymous MB');
let first;
let last;
for (const folder of folders.length > 0 ? folders : [root, makeBundle()]) {
  const database = temporaryFolder();
  // Creates the database, hashes the model files, fills compile caches.
  first = await start(resolve(folder), database);
  row(`${folder}, new database, one run`, ...Object.values(first).map(show));
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await start(resolve(folder), database));
  last = Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((one) => one[key]))]));
  row(folder, ...Object.values(last).map(show));
}
console.log('');
goalsHeading('start');
const goals = [
  tell('CPU time from exec to ready', last.cpuMs, 'ms', { atMost: GOALS.cpuMs }),
  tell('first response', last.firstResponseMs, 'ms', { atMost: GOALS.firstResponseMs }),
  tell('resident memory before the first embedding', last.residentMb, 'MB', { atMost: GOALS.residentMb }),
  tell('resident memory after creating the database', first.residentMb, 'MB', { atMost: GOALS.residentMb }),
];
if (!goals.every(Boolean)) process.exitCode = 1;
