/**
 * Asks one path again and again, from a process of its own, so that what it measures is not the load generator's delay.
 * `probe.mjs URL PATH PAUSE_MS IDS CONNECTION` until its standard input ends: `{id}` in the path becomes a number from
 * 1 to IDS; CONNECTION is `kept`, or `new` for a connection of its own for every request.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
/** What has not been answered by then counts as status 0. */
const LONGEST_MS = 30_000;

/** Starts asking. Returns a function that stops it and gives `{status, ms}` of every answer. */
export function startProbe(url, path, { pauseMs = 5, ids = 1_000, connection = 'kept' } = {}) {
  const args = [self, url, path, pauseMs, ids, connection].map(String);
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = text(child.stdout);
  return async () => {
    child.stdin.end();
    return JSON.parse(await output);
  };
}

/** Gives `{status, ms}` of every answer. */
export async function probe(url, path, seconds, pauseMs, ids = 1_000) {
  const stop = startProbe(url, path, { pauseMs, ids });
  await wait(seconds * 1_000);
  return stop();
}

async function ask([url, path, pauseMs, ids, connection]) {
  const answers = [];
  const headers = connection === 'new' ? { Connection: 'close' } : {};
  let isOver = false;
  void once(process.stdin.resume(), 'end').then(() => (isOver = true));
  while (!isOver) {
    const target = url + path.replace('{id}', String(1 + Math.floor(Math.random() * Number(ids))));
    const startedAt = performance.now();
    let status = 0;
    try {
      const response = await fetch(target, { headers, signal: AbortSignal.timeout(LONGEST_MS) });
      await response.text();
      status = response.status;
    } catch {
      // Not answered.
    }
    answers.push({ status, ms: performance.now() - startedAt });
    await wait(Number(pauseMs));
  }
  process.stdout.write(JSON.stringify(answers));
}

if (process.argv[1] === self) {
  try {
    // Before the load generator, with which it may share a core.
    setPriority(Math.max(-20, getPriority() - 10));
  } catch {
    // Only root may.
  }
  await ask(process.argv.slice(2));
}
