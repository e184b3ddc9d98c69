/** The explorer with 10,000 restaurants: the list page's answer, and the map's first drawing in Chromium. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { median, startService, syntheticRestaurants, temporaryFolder, toNdjson } from './service.mjs';

/** Says a median, and makes the process fail when it is beyond its goal. */
function hold(what, ms, goalMs) {
  console.log(`${what}: ${ms.toFixed(1)} ms (goal ${goalMs})`);
  if (ms > goalMs) process.exitCode = 1;
}

const service = await startService({
  folder: temporaryFolder(),
  environment: { BACKFILL_CPU_PERCENT: '100' },
});
await service.request(
  'POST',
  '/restaurants/import',
  toNdjson(syntheticRestaurants(10_000)),
  'application/x-ndjson',
);
for (let id = 1; id <= 2_000; id += 1) await service.get(`/restaurants/${id}`);
await service.get('/explore/machine'); // The explorer is loaded by the first request for a page.
const pages = [];
for (let round = 0; round < 21; round += 1) pages.push((await service.get('/')).ms);
hold('list page, 10,000 restaurants', median(pages), 50);
const first = await service.get('/map');
const again = await service.get('/map');
console.log(`GET /map, first (axes fitted) / again: ${first.ms.toFixed(0)} / ${again.ms.toFixed(0)} ms`);
const executablePath = '/usr/bin/chromium';
if (existsSync(executablePath)) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const draws = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await (await browser.newContext()).newPage();
    const startedAt = performance.now();
    await page.goto(`${service.url}/explore/map`);
    await page.locator('canvas[data-lit="2000"]').waitFor();
    draws.push(performance.now() - startedAt);
    await page.close();
  }
  hold('map of 10,000 restaurants drawn', median(draws), 800);
  await browser.close();
}
await service.stop();
