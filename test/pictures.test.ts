/** Pictures of the explorer for the documents: SCREENSHOTS=1 npm test writes them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noBrowser, openExplorer } from './support/browser.ts';
import { repository } from './support/service.ts';

const skip = noBrowser || (process.env['SCREENSHOTS'] === '1' ? false : 'SCREENSHOTS=1 asks for them');

const wide = { width: 1100, height: 760 };
const shots = [
  ['list', '/?q=romantic+dinner', '.row', wide],
  ['for-you', '/explore/recommendations?like=1&like=4', '#recommended .row', wide],
  ['map', '/explore/map', 'canvas[data-lit]:not([data-moving])', { width: 1100, height: 860 }],
  ['machine', '/explore/machine', '.line.used[d]', { ...wide, colorScheme: 'dark' as const }],
  ['phone', '/?q=feijoada', '.row', { width: 375, height: 720, locale: 'pt-BR' }],
] as const;

test('pictures for the documents', { skip }, async (t) => {
  const { service, newPage } = await openExplorer(t, { MEMORY_LIMIT_MB: '256' });
  const folder = join(repository, 'docs');
  await mkdir(folder, { recursive: true });
  for (let id = 1; id <= 110; id += 1) await service.get(`/restaurants/${id}`);
  const restaurant = await newPage(wide);
  for (let visit = 0; visit < 2; visit += 1) {
    await restaurant.goto(`${service.url}/explore/restaurants/120`);
    await restaurant.locator('#similar [data-id]').first().waitFor();
  }
  await restaurant.screenshot({ path: join(folder, 'restaurant.png') });
  for (const [name, path, ready, size] of shots) {
    const page = await newPage(size);
    await page.goto(service.url + path);
    await page.locator(ready).first().waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
});
