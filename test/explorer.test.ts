/** The explorer in real Chromium: the list, a restaurant, recommendations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };

test('the first visit to a restaurant embeds it, visibly, step by step', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '5000' });
  const page = await newPage();
  const seen: (string | null)[] = [];
  await page.route(
    (url) => url.pathname === '/restaurants/1',
    async (route) => {
      seen.push(await page.locator('.steps [aria-current]').textContent());
      await route.continue();
    },
  );
  await page.goto(`${service.url}/`);
  assert.equal(await page.locator('.card').first().locator('.badge').textContent(), 'missing');
  await page.locator('.card a').first().click();
  await page.locator('article[data-status="ready"]').waitFor();
  assert.equal(seen[0], 'embedding');
  assert.equal(await page.locator('.steps [aria-current]').textContent(), 'ready');
  assert.match((await page.locator('#read-took').textContent()) ?? '', /^\d+\.\d ms$/);
  await page.getByText('Embedded by this very read, and stored.').waitFor();
  await page.locator('#similar .card[data-id]').first().waitFor();
  const reasons = await page.locator('#similar .why').allTextContents();
  assert.ok(reasons.some((why) => /same cuisine|both: /.test(why)));
  await page.reload();
  await page.getByText('Its vector was there already').waitFor();
});

test(
  'results follow the typing, with the words that matched, and filters narrow them',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage();
    await page.goto(`${service.url}/`);
    await page.locator('#q').pressSequentially('feijoada');
    await page
      .locator('.why', { hasText: /feijoada/i })
      .first()
      .waitFor();
    assert.ok((await page.locator('#results mark').allTextContents()).some((word) => /feijoada/i.test(word)));
    assert.match(page.url(), /\?q=feijoada$/);
    await page.locator('#minRating').selectOption('4.5');
    await page.waitForURL(/minRating=4.5/);
    await until('only well rated ones are left', async () => {
      const facts = await page.locator('#results .facts').allTextContents();
      return facts.length > 0 && facts.every((text) => Number(/★ ([\d.]+)/.exec(text)?.[1]) >= 4.5);
    });
    await page.goto(`${service.url}/?priceLevel=1&location=lisboa`);
    await page.locator('#results .card').first().waitFor();
    for (const facts of await page.locator('#results .facts').allTextContents())
      assert.match(facts, /Lisboa.*[^$]\$\s*$/);
    await page.goto(`${service.url}/`);
    await page.getByRole('link', { name: 'quiet garden' }).click();
    await page.locator('#results .card').first().waitFor();
    assert.equal(await page.locator('#q').inputValue(), 'quiet garden');
  },
);

test('badges and the count of lit ones change live on the list', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/`);
  await page.getByText('0 of 137').waitFor();
  const stream = page.waitForResponse((response) => response.url().endsWith('/events'));
  await page.reload();
  await stream;
  await service.get('/restaurants/3');
  await page.locator('[data-id="3"] .badge.ready').waitFor();
  await page.getByText('1 of 137').waitFor();
  assert.equal(await page.locator('#lit progress').getAttribute('value'), '1');
});

test('likes and dislikes are picked by clicking, and recommendations follow', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '5000' });
  const page = await newPage();
  await page.goto(`${service.url}/?q=charcoal+moon`);
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
  await page.getByRole('button', { name: `Forget ${liked}`, exact: true }).click();
  await page.getByText('Nothing liked yet').waitFor();
  await page.getByRole('button', { name: 'Forget all' }).click();
  await page.getByRole('button', { name: 'Forget all' }).waitFor({ state: 'hidden' });
});

test('a card opens wherever it is clicked', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/`);
  await page.locator('[data-id="2"]').click({ position: { x: 20, y: 120 } });
  await page.waitForURL(`${service.url}/explore/restaurants/2`);
});

test('more tabs can be open than a browser has connections', options, async (t) => {
  const { service, newPage } = await open(t);
  const first = await newPage();
  const context = first.context();
  for (let tab = 0; tab < 7; tab += 1) {
    const page = tab === 0 ? first : await context.newPage();
    const listens = page.waitForResponse((response) => response.url().endsWith('/events'));
    await page.goto(`${service.url}/`);
    await listens;
    const left = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
    // What a browser does when somebody turns to another tab; a headless one does not.
    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    );
    await left;
  }
  await service.get('/restaurants/4');
  await first.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: 'visible' });
     document.dispatchEvent(new Event('visibilitychange'))`,
  );
  await first.locator('[data-id="4"] .badge.ready').waitFor();
});
