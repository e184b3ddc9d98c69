/** Two fingers on the map, and restaurants with the same text, in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };

test('two fingers that move apart zoom the map in', options, async (t) => {
  const { service, newPage } = await open(t);
  for (let id = 1; id <= 20; id += 1) await service.get(`/restaurants/${id}`);
  const page = await newPage();
  await page.goto(`${service.url}/explore/map`);
  await page.locator('canvas[data-lit="20"]:not([data-moving])').waitFor();
  const box = await page.locator('#map').boundingBox();
  assert.ok(box);
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(200, box.height / 2)];
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove', apart: number) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [
        { x: x - apart, y, id: 0 },
        { x: x + apart, y, id: 1 },
      ],
    });
  await touch('touchStart', 20);
  for (const apart of [30, 45, 60, 80]) await touch('touchMove', apart);
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await until(
    'it has zoomed in',
    async () => Number(await page.locator('#map').getAttribute('data-zoom')) > 1.5,
  );
});

test(
  'restaurants with the same text are one row among similar places, with the others in it',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const twin = {
      name: 'Cantina Gêmea',
      description: 'Massas frescas e vinho da casa.',
      cuisineType: 'Italiana',
    };
    const ids: number[] = [];
    for (const location of ['Centro', 'Lapa', 'Urca'])
      ids.push((await service.request('POST', '/restaurants', { ...twin, location })).body.id as number);
    for (const id of [2, ...ids]) await service.get(`/restaurants/${id}`);
    const page = await newPage();
    await page.goto(`${service.url}/explore/restaurants/2`);
    const row = page.locator('#similar .row', { hasText: twin.name });
    await row.waitFor();
    assert.equal(await row.count(), 1);
    await row.getByText('and 2 with the same text').click();
    assert.equal(await row.locator('.twins a').count(), 2);
  },
);

test('on a phone every page is one touch away, and a search leads to its results', options, async (t) => {
  const { service, newPage } = await open(t);
  const [width, height] = [375, 760];
  const page = await newPage({ width, height, locale: 'pt-BR' });
  await page.goto(`${service.url}/`);
  const reference = await page.getByRole('link', { name: 'API', exact: true }).boundingBox();
  assert.ok(reference && reference.x + reference.width <= width, JSON.stringify(reference));
  await page.locator('#q').fill('feijoada');
  await page.locator('#q').press('Enter');
  await page.locator('.row mark').first().waitFor();
  const first = await page.locator('.row').first().boundingBox();
  assert.ok(first && first.y < height * 0.7, JSON.stringify(first));
  await page.locator('.row [data-value="like"]').first().click();
  const undo = await page.getByRole('button', { name: 'Desfazer' }).boundingBox();
  assert.ok(undo && undo.width > undo.height, 'the word is not broken');
});
