/** The explorer in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  accessibilityProblems,
  noBrowser,
  openExplorer as open,
  startBrowser,
  watch,
} from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };

const statusOf = (page: Page) => page.locator('article').getAttribute('data-status');

test(
  'the first visit to a restaurant embeds it, visibly, and shows what is similar and why',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage();
    const problems = watch(page, service.url);
    await page.goto(`${service.url}/`);
    assert.equal(await page.locator('.card').first().locator('.badge').textContent(), 'missing');
    await page.locator('.card a').first().click();
    await page.locator('article[data-status="ready"]').waitFor();
    assert.match(
      (await page.locator('#embedding-note').textContent()) ?? '',
      /inferred in \d+\.\d ms by this very read/,
    );
    await page.locator('#similar .card').first().waitFor();
    assert.ok(
      (await page.locator('#similar .why').allTextContents()).some((why) => /same cuisine|both: /.test(why)),
    );
    await page.reload();
    assert.equal(await statusOf(page), 'ready');
    await page.getByText('Its vector was there already').waitFor();
    assert.deepEqual(problems, []);
  },
);

test(
  'results follow the typing, with the words that matched, and filters narrow them',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage();
    const problems = watch(page, service.url);
    await page.goto(`${service.url}/`);
    await page.locator('#q').pressSequentially('feijoada');
    await page
      .locator('.why', { hasText: /feijoada/i })
      .first()
      .waitFor();
    assert.match(page.url(), /\?q=feijoada$/);
    await page.locator('#minRating').selectOption('4.5');
    await page.waitForURL(/minRating=4.5/);
    await until('only well rated ones are left', async () => {
      const facts = await page.locator('#results .facts').allTextContents();
      return facts.length > 0 && facts.every((text) => Number(/★ ([\d.]+)/.exec(text)?.[1]) >= 4.5);
    });
    assert.deepEqual(problems, []);
  },
);

test('likes and dislikes are picked by clicking, and recommendations follow', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  const problems = watch(page, service.url);
  await page.goto(`${service.url}/?q=sushi`);
  const liked = (await page.locator('.card h3').first().textContent()) ?? '';
  await page.getByRole('button', { name: `Like ${liked}`, exact: true }).click();
  await page.goto(`${service.url}/explore/recommendations`);
  await page.getByText('By what you like.').waitFor();
  assert.match((await page.locator('#taste-list').textContent()) ?? '', new RegExp(liked));
  assert.ok(!(await page.locator('#recommended h3').allTextContents()).includes(liked));
  const first = page.locator('#recommended .card').first();
  const id = await first.getAttribute('data-id');
  await first.getByRole('button', { name: /^Dislike/ }).click();
  await page.locator(`#recommended [data-id="${id}"]`).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Forget all' }).click();
  await page.getByText('Nothing liked yet').waitFor();
  assert.deepEqual(problems, []);
});

test('a restaurant read in one tab lights up on the map in another', options, async (t) => {
  const { service, newPage } = await open(t);
  for (const id of [1, 2, 3]) await service.get(`/restaurants/${id}`);
  const map = await newPage();
  const problems = watch(map, service.url);
  await map.goto(`${service.url}/explore/map`);
  await map.locator('canvas[data-lit="3"]').waitFor();
  const other = await newPage();
  await other.goto(`${service.url}/explore/restaurants/40`);
  await other.locator('article[data-status="ready"]').waitFor();
  await map.locator('canvas[data-lit]').and(map.locator('canvas:not([data-lit="3"])')).waitFor();
  assert.match(
    (await map.locator('#map-summary').textContent()) ?? '',
    /^\d+ of 137 restaurants have a vector/,
  );
  assert.deepEqual(problems, []);
});

test(
  'the model is woken and sent to sleep, and a backfill runs, with the key when one is set',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { API_KEY: 'secret', BACKFILL_CPU_PERCENT: '100' });
    const page = await newPage();
    await page.goto(`${service.url}/explore/machine`);
    await page.getByRole('button', { name: 'Wake it' }).click();
    await page.locator('#key').fill('wrong');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('#key').fill('secret');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('[data-model="ready"]').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('137 of 137').first().waitFor();
    await page.getByRole('button', { name: 'Let it sleep' }).click();
    await page.locator('[data-model="unloaded"]').waitFor();
    assert.equal(service.childPids().length, 0);
    assert.ok(!(await page.content()).includes('secret'));
  },
);

const pages = [
  '/',
  '/?q=sushi',
  '/explore/restaurants/2',
  '/explore/recommendations',
  '/explore/map',
  '/explore/machine',
];

test(
  'no page has a serious accessibility problem, and none scrolls sideways on a phone',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    for (const scheme of ['light', 'dark'] as const) {
      const page = await newPage({ width: 375, height: 720 });
      await page.emulateMedia({ colorScheme: scheme });
      const problems = watch(page, service.url);
      for (const path of pages) {
        await page.goto(service.url + path);
        await page.waitForLoadState('load');
        assert.deepEqual(await accessibilityProblems(page), [], `${path} (${scheme})`);
        const { content, window: width } = await page.evaluate<{ content: number; window: number }>(
          '({ content: document.documentElement.scrollWidth, window: innerWidth })',
        );
        assert.ok(content <= width, `${path}: ${content} px wide in a window of ${width}`);
      }
      assert.deepEqual(problems, []);
    }
  },
);

test('without JavaScript the catalogue can be searched and read', options, async (t) => {
  const { service } = await open(t);
  const browser = await startBrowser(t);
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`${service.url}/`);
  await page.locator('#q').fill('sushi');
  await page.getByRole('button', { name: 'Search' }).click();
  assert.ok((await page.locator('.card').count()) > 0);
  await page.locator('.card a').first().click();
  assert.ok(((await page.locator('.lead').textContent()) ?? '').length > 20);
  assert.equal(await page.locator('.needs-script').first().isVisible(), false);
});

test('the API page works under its policy', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  const problems = watch(page, service.url);
  await page.goto(`${service.url}/docs`);
  await page.getByText('Read a restaurant; its first read embeds it').waitFor();
  assert.deepEqual(problems, []);
});
