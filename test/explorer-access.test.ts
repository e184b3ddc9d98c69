/** The explorer for everybody: assistive technology, phones, no JavaScript, bad connections. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems, noBrowser, openExplorer as open } from './support/browser.ts';

const options = { skip: noBrowser };
const taste = JSON.stringify(JSON.stringify([['1', { value: 'like', name: 'One' }]]));

/** Each page, and what is there once all of it has come. */
const pages: readonly (readonly [path: string, ready: string, allowed?: readonly string[]])[] = [
  ['/', '.card'],
  ['/?q=sushi', '.card'],
  ['/explore/restaurants/2', '#similar [data-id]'],
  ['/explore/recommendations', '#recommended [data-id]'],
  ['/explore/map', 'canvas[data-lit]'],
  ['/explore/machine', '.panel'],
  ['/explore/nowhere', 'h1'],
  // Swagger UI puts buttons into buttons.
  ['/docs', '.opblock', ['nested-interactive']],
];

test('no page has a serious accessibility problem, and none scrolls sideways', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '5000' });
  for (const width of [375, 1280]) {
    const page = await newPage({ width, height: 720, expected: /404/ });
    await page.goto(service.url);
    await page.evaluate(`localStorage.setItem('tastematch-taste', ${taste})`);
    for (const [path, ready, allowed] of pages) {
      await page.goto(service.url + path);
      await page.locator(ready).first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        assert.deepEqual(
          await accessibilityProblems(page, allowed),
          [],
          `${path} (${width}, ${colorScheme})`,
        );
      }
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(wide <= width, `${path}: ${wide} px wide in a window of ${width}`);
    }
  }
});

test('without JavaScript the catalogue can be searched, read, and compared', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(`${service.url}/`);
  await page.locator('#q').fill('sushi');
  await page.getByRole('button', { name: 'Search' }).click();
  assert.ok((await page.locator('.card').count()) > 0);
  await page.locator('.card a').first().click();
  assert.ok(((await page.locator('.lead').textContent()) ?? '').length > 20);
  assert.equal(await page.locator('.needs-script').first().isVisible(), false);
  await page.getByRole('link', { name: 'Show similar restaurants' }).click();
  await page.getByRole('heading', { level: 1, name: /^Similar to / }).waitFor();
  assert.equal(await page.getByRole('navigation').count(), 1);
  await page.goto(`${service.url}/explore/recommendations`);
  await page.getByRole('link', { name: 'Show the best rated' }).click();
  assert.equal(await page.getByRole('navigation').count(), 1);
  await page.goto(`${service.url}/explore/map`);
  assert.equal(await page.locator('canvas').isVisible(), false);
});

test('a page that is not there says so as a page, and as a problem to programs', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /404/ });
  for (const path of ['/explore/nowhere', '/explore/restaurants/99999']) {
    const answer = await page.goto(service.url + path);
    assert.equal(answer?.status(), 404, path);
    await page.getByRole('link', { name: 'All restaurants' }).waitFor();
    const { headers } = await service.get(path);
    assert.equal(headers.get('content-type'), 'application/problem+json', path);
  }
});

const refuseOnce = async (page: Page, path: string) => {
  let isFirst = true;
  await page.route(path, (route) => {
    if (!isFirst || route.request().resourceType() !== 'fetch') return route.continue();
    isFirst = false;
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { detail: 'Too busy.' } });
  });
};

test(
  'an overload that passes leaves what was there, says so, and goes away by itself',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage({ expected: /503/ });
    await page.goto(`${service.url}/`);
    await refuseOnce(page, '**/explore/results*');
    await page.locator('#minRating').selectOption('4.5');
    await page.getByText('Too busy. Trying again…').waitFor();
    assert.ok((await page.locator('#results .card').count()) > 0);
    await page.getByText('Too busy').waitFor({ state: 'detached' });

    await refuseOnce(page, '**/restaurants/5');
    await page.goto(`${service.url}/explore/restaurants/5`);
    await page.getByText('Too busy. Trying again…').waitFor();
    await page.locator('article[data-status="ready"]').waitFor();
  },
);

test('a restaurant that is gone, or out of reach, is said to be', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /404|ERR_/ });
  let answer: 'gone' | 'unreachable' = 'unreachable';
  await page.route('**/restaurants/6', (route) => {
    if (route.request().resourceType() !== 'fetch') return route.continue();
    return answer === 'gone'
      ? route.fulfill({ status: 404, json: { detail: 'There is no restaurant with id 6.' } })
      : route.abort();
  });
  await page.goto(`${service.url}/explore/restaurants/6`);
  await page.getByText('The service cannot be reached. Trying again…').waitFor();
  answer = 'gone';
  await page.getByText('There is no restaurant with id 6.').waitFor();
});

test('whoever uses the keyboard keeps their place when a part is exchanged', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/explore/recommendations`);
  const like = page.locator('#recommended').getByRole('button', { name: /^Like/ }).first();
  await like.waitFor();
  const other = page.locator('#recommended').getByRole('button', { name: /^Like/ }).nth(1);
  await other.focus();
  const name = await other.getAttribute('aria-label');
  await page.evaluate(
    `document.querySelector('#recommended .card').remove(); document.dispatchEvent(new Event('taste'))`,
  );
  await like.waitFor();
  await page.locator('#recommended:not([aria-busy])').waitFor();
  assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), name);
});

test('a catalogue without restaurants says so, and very long names break nothing', options, async (t) => {
  const { service, newPage } = await open(t, {}, { arguments: [] });
  const page = await newPage({ width: 375, height: 720 });
  await page.goto(`${service.url}/`);
  await page.getByText('The catalogue is empty').waitFor();
  await page.goto(`${service.url}/explore/recommendations`);
  await page.locator('#recommended:not([aria-busy])').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Forget all' }).isVisible(), false);
  const name = 'Wort'.repeat(50);
  await service.request('POST', '/restaurants', { name, location: name, cuisineType: name.slice(0, 100) });
  for (const path of ['/', '/explore/restaurants/1', '/explore/map']) {
    await page.goto(service.url + path);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(wide <= 375, `${path}: ${wide} px`);
  }
});
