/** Pictures of the explorer for the documents: SCREENSHOTS=1 npm test writes them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noBrowser, openExplorer } from './support/browser.ts';
import { repository, until } from './support/service.ts';

const skip = noBrowser || (process.env['SCREENSHOTS'] === '1' ? false : 'SCREENSHOTS=1 asks for them');

test('pictures for the documents', { skip }, async (t) => {
  const { service, newPage } = await openExplorer(t, { BACKFILL_CPU_PERCENT: '100' });
  const folder = join(repository, 'docs');
  await mkdir(folder, { recursive: true });
  const map = await newPage({ width: 1100, height: 1150 });
  await map.goto(`${service.url}/explore/map`);
  await map.locator('canvas[data-lit="0"]').waitFor();
  for (let id = 1; id <= 100; id += 1) await service.get(`/restaurants/${id}`);
  await map.locator('canvas[data-lit="100"]').waitFor();
  // Two frames in which nothing moves are the same.
  let before: Buffer | undefined;
  await until('all dots have arrived', async () => {
    const now = await map.screenshot();
    const isStill = before?.equals(now) ?? false;
    before = now;
    return isStill;
  });
  await map.screenshot({ path: join(folder, 'map.png') });
  const shots = [
    ['list', '/?q=romantic+dinner', { width: 1100, height: 760 }],
    ['restaurant', '/explore/restaurants/110', { width: 1100, height: 760 }],
    ['phone', '/?q=feijoada', { width: 375, height: 720 }],
  ] as const;
  for (const [name, path, size] of shots) {
    const page = await newPage(size);
    await page.goto(service.url + path);
    await page.waitForLoadState('load');
    if (name === 'restaurant') await page.locator('#similar .card[data-id]').first().waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
});
