/** The explorer's list and a restaurant in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { until, type Service } from './support/service.ts';

const options = { skip: noBrowser };
const indexed = async (service: Service) => (await service.get('/embeddings')).body;

test(
  'the first visit to a restaurant indexes it; on reload its bar shrinks beside that of the first',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '5000' });
    const page = await newPage();
    await page.goto(`${service.url}/`);
    const row = page.locator('.row').first();
    await row.getByText('not indexed yet').waitFor({ state: 'attached' });
    assert.equal(await row.getAttribute('data-lit'), null);
    await row.locator('h3 a').click();
    await page.locator('article[data-status="ready"]').waitFor();
    await page.getByText('Indexed by this read, and stored.').waitFor();
    const firstMs = Number(await page.locator('[data-first-ms]').getAttribute('data-first-ms'));
    await page.getByText(/^inference \d/).waitFor();
    await page.locator('#similar [data-id]').first().waitFor();
    const reasons = await page.locator('#similar .why').allTextContents();
    assert.ok(reasons.every((why) => /very close|fairly close|loosely related/.test(why)));
    assert.ok(reasons.some((why) => /same cuisine|both: /.test(why)));

    await page.reload();
    await page.getByText('Its vector was already stored.').waitFor();
    const nowMs = Number(await page.locator('[data-now-ms]').getAttribute('data-now-ms'));
    assert.equal(Number(await page.locator('[data-first-ms]').getAttribute('data-first-ms')), firstMs);
    assert.ok(nowMs > 0 && nowMs < firstMs, `${nowMs} of ${firstMs} ms, by the same clock`);
    const widths = await page
      .locator('.bar')
      .evaluateAll((bars) =>
        bars.map((bar) =>
          [...bar.querySelectorAll('rect')].reduce(
            (sum, rect) => sum + Number(rect.getAttribute('width')),
            0,
          ),
        ),
      );
    assert.ok((widths[1] ?? 100) < (widths[0] ?? 0) / 2, String(widths));
  },
);

test('typing causes no inference before a pause, and Enter does not wait for it', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  // Time passes only when the test says so, whatever the speed of the machine.
  await page.clock.install({ time: 0 });
  await page.goto(`${service.url}/`);
  await page.clock.pauseAt(60_000);
  const meaningful = [] as string[];
  const suggestions = [] as string[];
  page.on('request', (request) => {
    if (/\/explore\/results\?/.test(request.url()) && !/typing=1/.test(request.url()))
      meaningful.push(request.url());
    if (/\/suggest\?/.test(request.url())) suggestions.push(request.url());
  });
  const query = 'restaurante com jardim calmo';
  assert.equal(query.length, 28);
  for (const letter of query) {
    await page.locator('#q').press(letter === ' ' ? 'Space' : letter);
    await page.clock.runFor(150);
    assert.deepEqual(meaningful, [], `after ${letter}`);
  }
  assert.equal((await service.get('/model')).body.inferences, 0);
  assert.equal((await indexed(service)).ready, 0);
  await page.getByText(/^Searched by words; meaning follows/).waitFor();
  assert.ok(suggestions.length > 0, 'suggestions were asked for');
  await page.clock.runFor(1_000);
  await page.getByText(/^Searched by meaning: \d+ of 137/).waitFor();
  assert.ok((await indexed(service)).ready > 0);
  assert.match(await page.title(), /restaurante com jardim calmo/);
  await page.locator('#q').fill('feijoada');
  await page.locator('#q').press('Enter');
  await until('one more search, and only one', () => meaningful.length === 2);
});

test('every count on the list is that of the API at that moment', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '300' });
  const page = await newPage();
  await page.goto(`${service.url}/?q=feijoada`);
  // The first search of the sample catalogue is followed by a backfill of the rest.
  const { total, ready } = await until('the rest is indexed', async () => {
    const counts = await indexed(service);
    return counts.ready === counts.total && counts;
  });
  await page.getByText(`${ready} of ${total} indexed`, { exact: true }).waitFor();
  const summary = (await page.locator('#summary').textContent()) ?? '';
  const [, embedded, eligible, own = '0'] =
    /^Searched by meaning: (\d+) of (\d+)(?: · (\d+) indexed just now)?/.exec(summary) ?? [];
  assert.equal(Number(eligible), total);
  assert.equal(embedded, own, 'nothing was indexed before');
  assert.equal(await page.locator('.strip i').count(), total);
  assert.equal(await page.locator('.strip i:not(.s0)').count(), ready);
  assert.equal(await page.locator('.strip').getAttribute('aria-valuenow'), String(ready));

  await page.goto(`${service.url}/?priceLevel=1&location=lisboa`);
  const listed = (await service.get('/restaurants?priceLevel=1&location=lisboa')).body;
  await page.getByText(`${listed.total} restaurant`).first().waitFor();
  assert.equal(await page.locator('.row').count(), listed.total);
});

test('rows and cells fill live when any client reads a restaurant', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  const stream = page.waitForResponse((response) => response.url().endsWith('/events'));
  await page.goto(`${service.url}/`);
  await page.getByText('0 of 137 indexed').waitFor();
  await stream;
  await service.get('/restaurants/3');
  await page.locator('.row[data-id="3"][data-lit]').waitFor();
  await page.getByText('1 of 137 indexed').waitFor();
  await page.locator('.strip i:nth-child(3).s4').waitFor();
});

test('results can be paged, filtered by family, and say when nothing fits', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  const idsOf = () =>
    page.locator('.row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')));
  for (let id = 1; id <= 137; id += 1) await service.get(`/restaurants/${id}`);
  await page.goto(`${service.url}/?q=peixe`);
  const first = await idsOf();
  await page.getByRole('link', { name: 'Next page' }).click();
  await page.getByText('Results 25 to').waitFor();
  assert.deepEqual(
    (await idsOf()).filter((id) => first.includes(id)),
    [],
  );
  await page.goto(`${service.url}/`);
  await page.locator('#chips').getByRole('link', { name: 'Japanese' }).click();
  await page.locator('#chips [aria-current]', { hasText: 'Japanese' }).waitFor();
  const facts = await page.locator('.row .facts').allTextContents();
  assert.ok(
    facts.some((text) => text.startsWith('Japonesa')) && facts.some((text) => text.startsWith('Japanese')),
  );
  assert.ok(
    facts.every((text) => /^(Japonesa|Japanese|Ramen)/.test(text)),
    facts.join('\n'),
  );
  await page.goto(`${service.url}/?q=xqzvw+kjhgf`);
  await page.locator('.notice').getByText('xqzvw kjhgf').waitFor();
  await page.goto(`${service.url}/?location=nowhere`);
  await page.getByText('No restaurant matches.').waitFor();
});

test('near me sorts by distance', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({
    permissions: ['geolocation'],
    geolocation: { latitude: -23.5614, longitude: -46.6559 },
  });
  await page.goto(`${service.url}/`);
  await page.getByRole('button', { name: 'Near me' }).click();
  await page.getByRole('button', { name: 'Within 5 km of you' }).waitFor();
  const shown = await page.locator('.distance').allTextContents();
  const km = shown.map((text) => Number.parseFloat(text) / (text.endsWith('km') ? 1 : 1_000));
  assert.ok(
    km.length > 3 && km.every((value, index) => value <= 5.05 && value >= (km[index - 1] ?? 0)),
    String(shown),
  );
});

test(
  'a row opens wherever it is clicked, and the catalogue that is empty says what to do',
  options,
  async (t) => {
    const { service, newPage } = await open(t, {}, { arguments: [] });
    const page = await newPage();
    await page.goto(`${service.url}/`);
    await page.getByText('The catalogue is empty').waitFor();
    assert.equal(await page.getByText(`curl -X POST ${service.url}/restaurants/import`).count(), 2);
    await service.request('POST', '/restaurants', { name: 'Um', description: 'Feijoada.' });
    await page.goto(`${service.url}/`);
    await page.locator('[data-id="1"]').click({ position: { x: 300, y: 50 } });
    await page.waitForURL(`${service.url}/explore/restaurants/1`);
  },
);
