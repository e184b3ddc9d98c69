/** The map in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { until, type Service } from './support/service.ts';

const options = { skip: noBrowser };
const attribute = async (page: Page, name: string) =>
  Number(await page.locator('#map').getAttribute(`data-${name}`));
const read = async (service: Service, last: number) => {
  for (let id = 1; id <= last; id += 1) await service.get(`/restaurants/${id}`);
};
const atRest = (page: Page) => page.locator('canvas[data-lit]:not([data-moving])').waitFor();

test(
  'restaurants that are read while the map is open take their places, and the counts follow',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage();
    await page.goto(`${service.url}/explore/map`);
    await page.locator('canvas[data-lit="0"]').waitFor();
    await page.getByText('No restaurant is indexed yet.').waitFor();
    await read(service, 20);
    await page.locator('canvas[data-lit="20"]').waitFor();
    await page.getByText('20 of 137 restaurants are on the map.').waitFor();
    assert.equal(await page.locator('#unlit').textContent(), '117');
    await until('they are spread', async () => (await attribute(page, 'places')) >= 15);
    const { points } = (await service.get('/map')).body;
    assert.equal(points.filter((point: { position?: unknown }) => point.position).length, 20);
    await page.getByRole('button', { name: 'Read one' }).click();
    await page.locator('.toast', { hasText: /indexed in [\d.]+ ms/ }).waitFor();
    await page.locator('canvas[data-lit="21"]').waitFor();
  },
);

test(
  'the map zooms by wheel, keys and buttons, and Enter opens the restaurant in the middle',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    await read(service, 20);
    const page = await newPage();
    await page.goto(`${service.url}/explore/map`);
    await page.locator('canvas[data-lit="20"]').waitFor();
    await atRest(page);
    const zoom = () => attribute(page, 'zoom');
    assert.equal(await zoom(), 1);
    await page.locator('#map').hover();
    await page.mouse.wheel(0, -400);
    await until('it has zoomed in', async () => (await zoom()) > 1.5);
    const byWheel = await zoom();
    await page.locator('#map').focus();
    await page.keyboard.press('+');
    await until('nearer by a key', async () => (await zoom()) > byWheel);
    const drawn = () => page.evaluate<string>('document.querySelector("#map").toDataURL()');
    const before = await drawn();
    await page.keyboard.press('ArrowLeft');
    await until('it has moved', async () => (await drawn()) !== before);
    await page.keyboard.press('Enter');
    const card = page.locator('#map-card[data-id]');
    await card.waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'map-card');
    const { name } = (await service.get(`/restaurants/${await card.getAttribute('data-id')}`)).body;
    assert.equal(await card.locator('h2').textContent(), name);
    await card.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('0');
    await until('all is seen again', async () => (await zoom()) === 1);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await until('a button zooms', async () => (await zoom()) > 1);
  },
);

test(
  'hovering a dot names it, a click opens its card, and a family can be highlighted',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    await read(service, 12);
    const page = await newPage();
    await page.goto(`${service.url}/explore/map`);
    await page.locator('canvas[data-lit="12"]').waitFor();
    await atRest(page);
    const canvas = page.locator('#map');
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    assert.ok(box);
    const label = page.locator('#map-label');
    const hover = async (x: number, y: number) => {
      await page.mouse.move(x, y);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return label.isVisible();
    };
    let found: readonly [number, number] | undefined;
    for (let y = box.y + 20; y < box.y + box.height && !found; y += 24)
      for (let x = box.x + 20; x < box.x + box.width && !found; x += 24)
        if (await hover(x, y)) found = [x, y];
    assert.ok(found, 'a dot');
    const name = ((await label.textContent()) ?? '').split(' · ')[0];
    await page.mouse.click(...found);
    assert.equal(await page.locator('#map-card[data-id] h2').textContent(), name);
    const legend = page.locator('#legend button', { hasText: 'Japanese' });
    assert.equal(await legend.locator('.count').textContent(), '3', 'Japonesa and Ramen are one family');
    await legend.click();
    assert.equal(await page.locator('#legend [aria-pressed="true"]').count(), 1);
  },
);

test('two equal catalogues draw equal maps', options, async (t) => {
  const draw = async (ids: readonly number[]) => {
    const { service, newPage } = await open(t);
    for (const id of ids) await service.get(`/restaurants/${id}`);
    const page = await newPage();
    await page.goto(`${service.url}/explore/map`);
    await page.locator(`canvas[data-lit="${ids.length}"]`).waitFor();
    await atRest(page);
    const picture = await page.evaluate<string>('document.querySelector("#map").toDataURL()');
    await page.context().close();
    return picture;
  };
  const ids = Array.from({ length: 25 }, (_, index) => index + 1);
  assert.equal(await draw(ids), await draw(ids.toReversed()));
});

test('a map that cannot be had says why, and comes when it can', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /503/ });
  let isDown = true;
  await page.route('**/explore/map/data', (route) =>
    isDown
      ? route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { detail: 'Too busy.' } })
      : route.continue(),
  );
  await page.goto(`${service.url}/explore/map`);
  await page.getByText('Too busy. Trying again…').waitFor();
  isDown = false;
  await page.locator('canvas[data-lit="0"]').waitFor();
  assert.equal(await page.locator('#trouble').textContent(), '');
});
