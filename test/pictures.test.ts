/** Pictures of the explorer for the README: SCREENSHOTS=1 npm test writes them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noBrowser, openExplorer } from './support/browser.ts';
import { repository, type Service } from './support/service.ts';

const skip = noBrowser || (process.env['SCREENSHOTS'] === '1' ? false : 'SCREENSHOTS=1 asks for them');

test('pictures for the README', { skip }, async (t) => {
  const { service, newPage } = await openExplorer(t, { BACKFILL_CPU_PERCENT: '100' });
  const folder = join(repository, 'docs');
  await mkdir(folder, { recursive: true });
  await embedSome(service);
  const shots = [
    ['list', '/?q=romantic+dinner', { width: 1100, height: 760 }],
    ['restaurant', '/explore/restaurants/1', { width: 1100, height: 760 }],
    ['map', '/explore/map', { width: 1100, height: 900 }],
    ['phone', '/?q=feijoada', { width: 375, height: 720 }],
  ] as const;
  for (const [name, path, size] of shots) {
    const page = await newPage(size);
    await page.goto(service.url + path);
    await page.waitForLoadState('load');
    if (name === 'restaurant') await page.locator('#similar .card').first().waitFor();
    if (name === 'map') await page.locator('canvas[data-lit]').waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
});

async function embedSome(service: Service): Promise<void> {
  for (let id = 1; id <= 100; id += 1) await service.get(`/restaurants/${id}`);
}
