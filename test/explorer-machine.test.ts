/** The explorer's machine and its key dialog in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityProblems, noBrowser, openExplorer as open } from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };

test('the model is loaded and unloaded with the key, which Enter submits', options, async (t) => {
  const { service, newPage } = await open(t, { API_KEY: 'secret' });
  const page = await newPage({ expected: /401/ });
  await page.goto(`${service.url}/explore/machine`);
  await page.getByRole('button', { name: 'Load it', exact: true }).click();
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.locator('#key').fill('wrong');
  await page.locator('#key').press('Enter');
  await page.getByText('That key was not accepted.').waitFor();
  await page.locator('#key').fill('secret');
  await page.locator('#key').press('Enter');
  await page.locator('[data-model="ready"]').waitFor();
  assert.equal(
    await page.evaluate('document.activeElement.textContent'),
    'Load it',
    'the focus stays where it was',
  );
  await page.getByRole('button', { name: 'Unload it' }).click();
  await page.locator('[data-model="unloaded"]').waitFor();
  await until('its process is gone', () => service.childPids().length === 0);
  assert.ok(!(await page.content()).includes('secret'));
});

test('cancelling the key dialog, by button or by Escape, changes nothing', options, async (t) => {
  const { service, newPage } = await open(t, { API_KEY: 'secret' });
  const page = await newPage({ expected: /401/ });
  await page.goto(`${service.url}/explore/machine`);
  for (const cancel of [
    () => page.getByRole('button', { name: 'Cancel' }).click(),
    () => page.keyboard.press('Escape'),
  ]) {
    await page.getByRole('button', { name: 'Load it', exact: true }).click();
    await page.locator('#key').fill('secret');
    await cancel();
    await page.locator('dialog').waitFor({ state: 'hidden' });
    await page
      .locator('[data-model="unloaded"] [data-send="POST /model/load"][aria-disabled="false"]')
      .waitFor();
  }
  assert.equal(service.childPids().length, 0);
});

test('a backfill is started and stopped, and says how far it is', options, async (t) => {
  const { service, newPage } = await open(t, { BACKFILL_CPU_PERCENT: '1' });
  const page = await newPage();
  await page.goto(`${service.url}/explore/machine`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('[data-backfill="on"]').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('[data-backfill="off"]').waitFor();
  await until('it has stopped', async () => {
    const { state } = (await service.get('/embeddings/backfill')).body;
    return state !== 'running' && state !== 'waiting';
  });
});

test('the page of the machine follows a backfill to its end', options, async (t) => {
  const { service, newPage } = await open(t, { BACKFILL_CPU_PERCENT: '100' });
  const page = await newPage();
  await page.goto(`${service.url}/explore/machine`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('137 of 137').first().waitFor();
  await page.locator('[data-backfill="off"]').waitFor();
});

test(
  'every number of the machine is that of the API at that moment, memory in one meter',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    for (const id of [1, 2, 3, 1]) await service.get(`/restaurants/${id}`);
    const page = await newPage();
    await page.goto(`${service.url}/explore/machine`);
    const { memory, inferences, reads, cpu } = (await service.get('/model')).body;
    const counts = (await service.get('/embeddings')).body;
    await page
      .locator('.health', { hasText: /All is well\. 3 of 137 indexed, the model is loaded/ })
      .waitFor();
    for (const status of ['ready', 'missing', 'stale', 'failed'])
      assert.equal(
        await page.locator(`[data-count="${status}"]`).textContent(),
        String(counts[status]),
        status,
      );
    assert.equal(await page.locator('[data-inferences]').textContent(), String(inferences));
    await page.getByText(`first reads (${reads.cold.count})`).waitFor();
    await page.getByText(`later reads (${reads.warm.count})`).waitFor();
    const shownCpu = await page.locator('[data-cpu]').getAttribute('data-cpu');
    assert.ok([cpu.state, (await service.get('/model')).body.cpu.state].includes(shownCpu));
    const meter = page.getByRole('meter');
    assert.equal(await meter.count(), 1);
    assert.equal(Number(await meter.getAttribute('aria-valuemax')), memory.limitBytes);
    const widths = await meter
      .locator('rect')
      .evaluateAll((rects) => rects.map((rect) => Number(rect.getAttribute('width'))));
    const used = (100 * Number(await meter.getAttribute('aria-valuenow'))) / memory.limitBytes;
    assert.ok(
      Math.abs(widths.reduce((sum, width) => sum + width, 0) - used) < 0.1,
      'the parts are what is in use',
    );
    await page.locator('.events li', { hasText: 'Restaurant 3 indexed' }).waitFor();
    await until('the last minutes are drawn', async () => {
      await page.reload();
      return ((await page.locator('.line.used').getAttribute('d')) ?? '').length > 0;
    });
  },
);

test('a refused switch says why under its button', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage({ expected: /507/ });
  await page.route('**/embeddings/backfill', (route) =>
    route.fulfill({ status: 507, json: { detail: 'The disk is full.' } }),
  );
  await page.goto(`${service.url}/explore/machine`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page
    .locator('.panel', { has: page.locator('#backfill-title') })
    .getByText('The disk is full.')
    .waitFor();
  assert.equal(await page.locator('#live').textContent(), 'The disk is full.');
});
