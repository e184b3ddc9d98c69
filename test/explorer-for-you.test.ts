/** Picks and what follows from them, in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, openExplorer as open } from './support/browser.ts';

const options = { skip: noBrowser };
const path = '/explore/recommendations';

test(
  'without a pick nothing is indexed; a pick gives results that say why they are there',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '2000' });
    const page = await newPage();
    await page.goto(service.url + path);
    await page.getByText('Nothing is indexed before that.').waitFor();
    assert.equal((await service.get('/embeddings')).body.ready, 0);
    const cards = page.locator('.pick');
    assert.equal(await cards.count(), 8);
    const families = await cards.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => tile.className));
    assert.equal(new Set(families).size, 8, 'as varied as the catalogue');

    const places = await cards.locator('strong').allTextContents();
    const liked = places[1] ?? '';
    await cards.nth(1).click();
    await page
      .locator('.why', { hasText: `because you liked ${liked}` })
      .first()
      .waitFor();
    assert.deepEqual(
      await page.locator('.pick strong').allTextContents(),
      places,
      'the cards stay where they were',
    );
    assert.match(page.url(), /\?like=\d+$/);
    const { ready } = (await service.get('/embeddings')).body;
    const summary = (await page.locator('#recommended .summary').textContent()) ?? '';
    const embedded = Number(/among (\d+) of 137/.exec(summary)?.[1]);
    // A backfill of the sample catalogue follows its first ranking.
    assert.ok(embedded > 0 && embedded <= ready, `${summary} ${ready}`);
  },
);

test(
  'a like among the results moves nothing, can be undone, and counts when the reader says so',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '2000' });
    const page = await newPage();
    await page.goto(service.url + path);
    await page.locator('.pick').first().click();
    const rows = page.locator('#recommended .row');
    await rows.first().waitFor();
    const ids = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-id')));
    const before = await ids();
    await rows.nth(2).getByRole('button', { name: /^Like/ }).click();
    await page.getByRole('button', { name: 'Update recommendations' }).waitFor();
    assert.deepEqual(await ids(), before);
    await page.getByRole('button', { name: 'Undo' }).click();
    await rows.nth(2).locator('[data-value="like"][aria-pressed="false"]').waitFor();
    await rows
      .nth(2)
      .getByRole('button', { name: /^Not for me/ })
      .click();
    await page.getByRole('button', { name: 'Update recommendations' }).click();
    await page.locator(`#recommended [data-id="${before[2]}"]`).waitFor({ state: 'detached' });
    assert.match(page.url(), new RegExp(`dislike=${before[2]}`));
  },
);

test(
  'picks follow another tab, and a shared link leaves one’s own alone until it is adopted',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '2000' });
    const page = await newPage();
    await page.goto(service.url + path);
    const other = await page.context().newPage();
    await other.goto(`${service.url}/`);
    await other.locator('.row[data-id="2"]').getByRole('button', { name: /^Like/ }).click();
    await page.locator('.pick input[value="2"]:checked').waitFor({ state: 'attached' });
    await page.locator('.why').first().waitFor();

    await other.goto(`${service.url}${path}?like=1&like=4`);
    await other.getByText('someone’s shared picks').waitFor();
    await page.locator('.pick input[value="2"]:checked').waitFor({ state: 'attached' });
    await other.getByRole('button', { name: 'Make them mine' }).click();
    await page.locator('.pick input[value="4"]:checked').waitFor({ state: 'attached' });
    await page.waitForURL(/\?like=[14]&like=[14]$/);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByText('Nothing is indexed before that.').waitFor();
  },
);
