/**
 * Asks one path again and again, from a process of its own, so that what it measures is not the load generator's delay.
 * `probe.mjs URL PATH SECONDS PAUSE_MS [IDS]`: `{id}` in the path becomes a number from 1 to IDS.
 */
import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const self = fileURLToPath(import.meta.url);

/** Gives `{status, ms}` of every answer. */
export async function probe(url, path, seconds, pauseMs, ids = 1_000) {
  const args = [self, url, path, seconds, pauseMs, ids].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

async function ask([url, path, seconds, pauseMs, ids]) {
  const answers = [];
  const end = performance.now() + Number(seconds) * 1_000;
  while (performance.now() < end) {
    const target = url + path.replace('{id}', String(1 + Math.floor(Math.random() * Number(ids))));
    const startedAt = performance.now();
    const response = await fetch(target);
    await response.text();
    answers.push({ status: response.status, ms: performance.now() - startedAt });
    await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
  }
  process.stdout.write(JSON.stringify(answers));
}

if (process.argv[1] === self) {
  try {
    // Before the load generator, with which it may share a core.
    setPriority(-10);
  } catch {
    // Only root may.
  }
  await ask(process.argv.slice(2));
}
