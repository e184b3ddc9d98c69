/** The explorer's map in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };
const shown = async (page: Page, name: 'lit' | 'places') =>
  Number(await page.locator('#map').getAttribute(`data-${name}`));

test('restaurants read while the map is open light up, each in its own place', options, async (t) => {
  const { service, newPage } = await open(t);
  const map = await newPage();
  await map.goto(`${service.url}/explore/map`);
  await map.locator('canvas[data-lit="0"]').waitFor();
  for (let id = 1; id <= 20; id += 1) await service.get(`/restaurants/${id}`);
  await map.locator('canvas[data-lit="20"]').waitFor();
  await map.getByText('20 of 137 restaurants have a vector').waitFor();
  await until('they are spread', async () => (await shown(map, 'places')) >= 15);
  const other = await newPage();
  await other.goto(`${service.url}/explore/restaurants/40`);
  await other.locator('article[data-status="ready"]').waitFor();
  await until('the other tab is told', async () => (await shown(map, 'lit')) > 20);
});

test('hovering a dot names it, a click opens it', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/explore/map`);
  await page.locator('canvas[data-lit]').waitFor();
  const canvas = page.locator('#map');
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  assert.ok(box);
  const label = page.locator('#map-label');
  const y = Math.round(box.y + box.height / 2);
  const hover = async (x: number) => {
    await page.mouse.move(x, y);
    // Moves are told with the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return label.isVisible();
  };
  let x = Math.round(box.x) + 2;
  while (x < box.x + box.width && !(await hover(x))) x += 4;
  // A little nearer than the edge of its reach.
  await hover(x + 4);
  const [name = ''] = ((await label.textContent()) ?? '').split(' · ');
  assert.ok(name.length > 0);
  await page.mouse.click(x + 4, y);
  await page.waitForURL(/\/explore\/restaurants\/\d+$/);
  assert.equal(await page.locator('h1').textContent(), name);
});

test('one can be lit by a button, and a cuisine picked out', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/explore/map`);
  await page.locator('canvas[data-lit="0"]').waitFor();
  await page.locator('#legend button').first().click();
  assert.equal(await page.locator('#legend [aria-pressed="true"]').count(), 1);
  await page.getByRole('button', { name: 'Light one up' }).click();
  await page.getByText(/.+ · \d+ ms · open/).waitFor();
  await page.locator('canvas[data-lit="1"]').waitFor();
  await page.locator('#light-note a').click();
  await page.locator('article[data-status="ready"]').waitFor();
});

test('a map that cannot be had says why, and comes when it can', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /503/ });
  let isDown = true;
  await page.route('**/map', (route) =>
    isDown && route.request().resourceType() === 'fetch'
      ? route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { detail: 'Too busy.' } })
      : route.continue(),
  );
  await page.goto(`${service.url}/explore/map`);
  await page.getByText('Too busy. Trying again…').waitFor();
  isDown = false;
  await page.locator('canvas[data-lit="0"]').waitFor();
  assert.equal(await page.locator('#map-trouble').textContent(), '');
});

test('a map that is not whole is not loaded anew for what is beyond it', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  let loads = 0;
  await page.route(
    (url) => url.pathname === '/map',
    (route) => {
      loads += 1;
      return route.continue({ url: `${service.url}/map?limit=50` });
    },
  );
  await page.goto(`${service.url}/explore/map`);
  await page.getByText('0 of the 50 most viewed of 137 restaurants have a vector.').waitFor();
  await service.get('/restaurants/130');
  await service.get('/restaurants/1');
  await page.getByText('1 of the 50 most viewed of 137').waitFor();
  assert.equal(loads, 1);
});
