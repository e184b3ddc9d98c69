/**
 * Asks one path again and again, from a process of its own, so that what it measures is not the load generator's delay.
 * Usage: node probe.mjs URL PATH SECONDS PAUSE_MS; `{id}` in the path becomes a number from 1 to 1,000.
 */
const [, , url, path, seconds, pauseMs] = process.argv;
const answers = [];
const end = performance.now() + Number(seconds) * 1_000;
while (performance.now() < end) {
  const target = url + path.replace('{id}', String(1 + Math.floor(Math.random() * 1_000)));
  const startedAt = performance.now();
  const response = await fetch(target);
  await response.text();
  answers.push({ status: response.status, ms: performance.now() - startedAt });
  await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
}
process.stdout.write(JSON.stringify(answers));
