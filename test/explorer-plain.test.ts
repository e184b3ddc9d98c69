/** The explorer without JavaScript, for crawlers, on bad connections, and turned off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { startService } from './support/service.ts';

const options = { skip: noBrowser };
const html = { Accept: 'text/html' };

test('without JavaScript every page, search and read works', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(`${service.url}/`);
  await page.locator('#q').fill('sushi');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.locator('.row mark', { hasText: /sushi/i }).first().waitFor();
  await page.goto(`${service.url}/explore/restaurants/90`);
  assert.equal((await service.get('/restaurants?limit=100')).body.items[89].embedding.status, 'missing');
  await page.getByRole('button', { name: 'Index it now' }).click();
  await page.locator('article[data-status="ready"]').waitFor();
  await page.locator('[data-first-ms]').waitFor();
  assert.equal(await page.locator('.needs-script:visible').count(), 0);
  await page.getByRole('link', { name: 'Show similar places' }).click();
  await page.getByRole('heading', { level: 1, name: /^Similar to / }).waitFor();
  assert.ok((await page.locator('.row').count()) > 0);
  await page.goto(`${service.url}/explore/recommendations`);
  for (const index of [0, 2, 4]) await page.locator('.pick').nth(index).click();
  await page.getByRole('button', { name: 'Show my recommendations' }).click();
  await page.locator('.why', { hasText: 'because you liked' }).first().waitFor();
  await page.goto(`${service.url}/explore/map`);
  await page.getByRole('link', { name: 'indexed restaurants' }).click();
  await page.locator('.row[data-lit]').first().waitFor();
  await page.goto(`${service.url}/explore/machine`);
  await page.getByText('All is well.').waitFor();
  await page.locator('#api-drawer summary').click();
  await page.getByText(`curl ${service.url}/model`).waitFor();
  await page.goto(`${service.url}/docs`);
  assert.ok((await page.locator('.operation').count()) > 20);
});

test('what is not there is a page for browsers and a problem for programs', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  for (const path of ['/explore/nowhere', '/explore/restaurants/99999', '/nope', '/restaurants/1/nope']) {
    const page = await service.get(path, html);
    assert.deepEqual(
      [page.status, page.headers.get('content-type')],
      [404, 'text/html; charset=UTF-8'],
      path,
    );
    assert.match(page.body, /All restaurants/, path);
    const problem = await service.get(path);
    assert.deepEqual([problem.status, problem.body.status], [404, 404], path);
  }
  const missing = await service.get('/restaurants/99999', html);
  assert.equal(missing.body.code, 'not-found', 'the API answers as it does');
  const moved = await fetch(`${service.url}/explore`, { redirect: 'manual' });
  assert.deepEqual([moved.status, moved.headers.get('location')], [302, '/']);
});

test('crawlers are asked to keep to the first page, and reading a page embeds nothing', async (t) => {
  const service = await startService(t, {}, { arguments: ['--sample-data'] });
  const { body } = await service.get('/robots.txt');
  assert.equal(body, 'User-agent: *\nAllow: /$\nDisallow: /\n');
  const paths = [
    '/',
    '/explore/restaurants/1',
    '/explore/recommendations',
    '/explore/map',
    '/explore/machine',
    '/docs',
  ];
  for (const path of paths) assert.equal((await service.get(path, html)).status, 200, path);
  assert.equal((await service.get('/embeddings')).body.ready, 0);
  assert.equal((await service.get('/model')).body.loads, 0);
});

test('EXPLORER=off leaves the API alone', async (t) => {
  const service = await startService(t, { EXPLORER: 'off', MODEL_DIR: 'models/none' });
  for (const path of ['/', '/explore/map', '/docs', '/assets/x/base.css']) {
    const { status, body } = await service.get(path, html);
    assert.deepEqual([status, body.code], [404, 'path-not-found'], path);
  }
  assert.equal((await service.get('/restaurants', html)).status, 200);
  assert.equal((await service.get('/openapi.json')).status, 200);
  assert.match((await service.get('/robots.txt')).body, /Disallow: \/\n/);
});

const rejectOnce = async (page: Page, path: string) => {
  let isFirst = true;
  await page.route(path, (route) => {
    if (!isFirst || route.request().resourceType() !== 'fetch') return route.continue();
    isFirst = false;
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { detail: 'Too busy.' } });
  });
};

test(
  'during a transient overload the page keeps its content, says so, and recovers by itself',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage({ expected: /503/ });
    await page.goto(`${service.url}/`);
    await rejectOnce(page, '**/explore/results*');
    await page.locator('#minRating').selectOption('4.5');
    await page.getByText('Too busy. Trying again…').waitFor();
    assert.ok((await page.locator('#results .row').count()) > 0);
    await page.locator('#trouble:empty').waitFor({ state: 'attached' });

    await rejectOnce(page, '**/restaurants/5');
    await page.goto(`${service.url}/explore/restaurants/5`);
    await page.getByText('Too busy. Trying again…').waitFor();
    await page.locator('article[data-status="ready"]').waitFor();
  },
);

test('a restaurant that waits says why; one that is gone or out of reach says so', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /404|ERR_/ });
  let answer: 'waits' | 'gone' | 'unreachable' = 'unreachable';
  await page.route('**/restaurants/6', (route) => {
    if (route.request().resourceType() !== 'fetch') return route.continue();
    if (answer === 'unreachable') return route.abort();
    return answer === 'gone'
      ? route.fulfill({ status: 404, json: { detail: 'There is no restaurant with id 6.' } })
      : route.fulfill({ json: { embedding: { status: 'pending', reason: 'memory' } } });
  });
  await page.goto(`${service.url}/explore/restaurants/6`);
  await page.getByText('The service cannot be reached. Trying again…').waitFor();
  answer = 'waits';
  await page.getByText('Waiting: there is not enough free memory for the model.').waitFor();
  answer = 'gone';
  await page.getByText('There is no restaurant with id 6.').waitFor();
});

test('a restaurant, the picks and the map count what the API counts', async (t) => {
  // Nothing is embedded by searches: the numbers stay while both are asked.
  const service = await startService(t, { TOP_UP_MS: '0', EMBED_WAIT_MS: '20000' });
  const rows = Array.from({ length: 9 }, (_, index) => ({ name: `Casa ${index}`, cuisineType: 'Mineira' }));
  await service.request('POST', '/restaurants/import', rows);
  for (const id of [1, 2, 3, 4]) await service.get(`/restaurants/${id}`);
  const text = async (path: string) => String((await service.get(path, { Accept: 'text/html' })).body);

  const similar = (await service.get('/restaurants/1/similar')).body.coverage;
  assert.deepEqual([similar.embedded, similar.eligible], [4, 9], 'with the restaurant itself');
  const others = `Compared with the ${similar.embedded - 1} indexed of ${similar.eligible - 1} others`;
  assert.ok((await text('/explore/restaurants/1/similar')).includes(others));

  const { coverage } = (await service.request('POST', '/recommendations', { likes: [{ id: 1 }] })).body;
  const among = `Chosen by meaning among ${coverage.embedded} of ${coverage.eligible}`;
  assert.ok((await text('/explore/recommendations?like=1')).includes(among), among);

  const { points, total } = (await service.get('/map')).body as {
    points: { position?: number[] }[];
    total: number;
  };
  const { summary } = (await service.get('/explore/map/data')).body;
  const lit = points.filter(({ position }) => position).length;
  assert.equal(summary, `${lit} of ${total} restaurants are on the map.`);
});
