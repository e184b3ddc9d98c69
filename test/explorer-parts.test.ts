/** Parts of the explorer that need no browser, and its API drawer and list of failures in one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCurl } from '../src/explorer/api-drawer.tsx';
import { kindOf } from '../src/explorer/cuisine-families.ts';
import { wordsOf } from '../src/explorer/languages/words.ts';
import { pathOf } from '../src/explorer/machine/sparkline.tsx';
import { partsOf } from '../src/explorer/machine/memory-panel.tsx';
import { closenessOf } from '../src/explorer/restaurant/closeness.ts';
import { createFirstReads } from '../src/telemetry/first-reads.ts';
import { noBrowser, openExplorer as open } from './support/browser.ts';

test('a cuisine belongs to the same family in either language', () => {
  for (const [family, cuisines] of Object.entries({
    japanese: ['Japonesa', 'Japanese', 'Ramen', 'SUSHI'],
    italian: ['Italiana', 'Italian', 'Pizzaria', 'Pizza'],
    grill: ['Churrascaria', 'Steakhouse', 'BBQ'],
    vegetarian: ['Vegana', 'Vegan', 'Vegetariana'],
    seafood: ['Frutos do Mar', 'Seafood', 'Peixes', 'Fish and Chips'],
    bakery: ['Café', 'Coffee Shop', 'Padaria', 'Bakery', 'Sorveteria', 'Ice Cream'],
    other: ['Contemporânea', 'Contemporary'],
  }))
    for (const cuisine of cuisines) assert.equal(kindOf(cuisine).family, family, cuisine);
  assert.equal(kindOf(null).family, 'other');
});

test('closeness is measured by how far pairs of this catalogue lie apart', () => {
  const narrow = { mean: 0.6, deviation: 0.02 };
  assert.equal(closenessOf(0.66, narrow), 'very');
  assert.equal(closenessOf(0.66, { mean: 0.6, deviation: 0.1 }), 'loosely');
  assert.equal(closenessOf(0.636, narrow), 'fairly');
});

test('a command survives what is typed into a search', () => {
  const path = `/search?${new URLSearchParams({ q: "d'água & cia" }).toString()}`;
  assert.equal(
    toCurl('http://host', { method: 'GET', path }),
    `curl 'http://host/search?q=d%27%C3%A1gua+%26+cia'`,
  );
  const body = { name: "It's" };
  const command = toCurl('http://host', { method: 'POST', path: '/restaurants', body });
  assert.ok(command.endsWith(String.raw`-d '{"name":"It'\''s"}'`), command);
});

const ofAnonymous = (anonymousBytes: number) => ({ rssBytes: 0, anonymousBytes });

test('memory parts add up to the limit, whatever the kernel counts', () => {
  const status = { source: 'configured', refusing: false, limitBytes: 100, usedBytes: 60 } as const;
  for (const [service, model] of [
    [20, 30],
    [50, 30],
    [80, 90],
    [0, 0],
  ] as const) {
    const parts = Object.values(
      partsOf({ ...status, service: ofAnonymous(service), model: ofAnonymous(model) }),
    );
    assert.equal(
      parts.reduce((sum, part) => sum + part, 0),
      100,
    );
    assert.ok(
      parts.every((part) => part >= 0),
      String(parts),
    );
  }
});

test('a line has gaps where nothing was measured, and ends at the right edge', () => {
  const path = pathOf({ values: [1, 2, NaN, 3], min: 0, max: 4 });
  assert.equal(path.match(/M/g)?.length, 2);
  assert.match(path, /M180\.0 [\d.]+h0$/);
});

test('time left is told in words, and first reads are remembered within bounds', () => {
  const { en, pt } = wordsOf;
  assert.deepEqual(
    [20, 60, 600, 3_600 * 2, 3_600 * 30].map((seconds) => en.machine.left(seconds)),
    [
      'less than a minute left',
      'about a minute left',
      'about 10 minutes left',
      'about 2 hours left',
      'about 30 hours left',
    ],
  );
  assert.equal(pt.machine.left(60), 'falta cerca de um minuto');
  const reads = createFirstReads();
  for (let id = 1; id <= 501; id += 1) reads.note(id, { durationMs: id, timing: undefined });
  assert.deepEqual([reads.find(1), reads.find(501)?.durationMs], [undefined, 501]);
});

test('the drawer runs the requests behind a page and shows their JSON', { skip: noBrowser }, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/?minRating=4.5`);
  await page.locator('#api-drawer summary').click();
  const first = page.locator('#api-drawer li').first();
  await first.getByText(`curl '${service.url}/restaurants?minRating=4.5&limit=24'`).waitFor();
  await first.getByRole('button', { name: 'Run' }).click();
  await first.getByText(/^200 in [\d.]+ ms$/).waitFor();
  const shown = JSON.parse((await first.locator('pre').textContent()) ?? '') as object;
  assert.deepEqual(shown, (await service.get('/restaurants?minRating=4.5&limit=24')).body);
});

test('failures are counted, listed and retried', { skip: noBrowser }, async (t) => {
  const { service, newPage } = await open(t, { EMBED_TIMEOUT_MS: '500' });
  await service.request('POST', '/model/load');
  process.kill(service.modelPid(), 'SIGSTOP');
  assert.equal((await service.get('/restaurants/7')).body.embedding.reason, 'timeout');
  const { name } = (await service.get('/restaurants?limit=7')).body.items[6];
  const page = await newPage();
  await page.goto(`${service.url}/explore/machine`);
  await page.getByText('One restaurant could not be indexed.').waitFor();
  await page.getByRole('button', { name: 'Show them' }).click();
  await page
    .locator('#failure-list', { hasText: `${name} · attempts: 1, last reason: the text took too long` })
    .waitFor();
  await page.getByRole('button', { name: 'Retry them' }).click();
  await page.getByText('All is well.').waitFor();
  assert.deepEqual((await service.get('/embeddings/failures')).body.items, []);
});
