/** Portuguese and English from the first page to the last, in real Chromium; how heavy and how steady the pages are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectLanguage } from '../src/explorer/detect-language.ts';
import { wordsOf } from '../src/explorer/languages/words.ts';
import { noBrowser, openExplorer as open } from './support/browser.ts';
import { startService } from './support/service.ts';

const options = { skip: noBrowser };

test('the browser’s language decides until the reader chooses another, which is remembered', async (t) => {
  const service = await startService(t, { MODEL_DIR: 'models/none' });
  const languageOf = async (path: string, headers: Record<string, string>) =>
    /<html lang="(\w+)"/.exec((await service.get(path, headers)).body)?.[1];
  for (const [given, expected] of [
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt'],
    ['en-GB,en;q=0.9,pt;q=0.5', 'en'],
    ['fr;q=0.9,pt-PT;q=0.3', 'pt'],
    ['fr', 'en'],
    ['pt;q=0, en;q=0.1', 'en'],
    [';;q=x,,', 'en'],
  ] as const)
    assert.equal(await languageOf('/', { 'Accept-Language': given }), expected, given);
  const chosen = await service.get('/?lang=pt', { 'Accept-Language': 'en' });
  const cookie = chosen.headers.get('set-cookie')?.split(';')[0] ?? '';
  assert.equal(await languageOf('/explore/map', { 'Accept-Language': 'en', Cookie: cookie }), 'pt');
  assert.equal(await languageOf('/?lang=xx', { Cookie: `${cookie}x` }), 'en');
  assert.match(chosen.headers.get('vary') ?? '', /Accept-Language/);
});

test('a Brazilian finds dinner without a word of English', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '1000' });
  const page = await newPage({ locale: 'pt-BR' });
  await page.goto(`${service.url}/`);
  await page.getByLabel('O que você quer comer?').fill('jantar romântico à luz de velas');
  await page.getByText(/^Busca por significado: \d+ de 137 · \d+ indexados agora\.$/).waitFor();
  await page.getByText(/^\d+ de 137 indexados$/).waitFor();
  await page.locator('.row h3 a').first().click();
  await page.getByText(/^(Indexado por esta leitura e gravado|O vetor já estava gravado)\.$/).waitFor();
  await page.getByText(/^Comparado com os \d+ indexados entre 136 outros/).waitFor();
  await page
    .locator('#similar .why', { hasText: /muito parecido|bem parecido|algo em comum/ })
    .first()
    .waitFor();
  const name = (await page.locator('h1').textContent()) ?? '';
  await page.getByRole('button', { name: `Curtir ${name}`, exact: true }).click();
  await page.getByText(`${name} entrou nas suas escolhas.`).waitFor();
  await page.getByRole('link', { name: 'Para você' }).click();
  await page
    .locator('.why', { hasText: `porque você curtiu ${name}` })
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Mapa' }).click();
  await page.getByText(/ de 137 restaurantes no mapa\.$/).waitFor();
  await page.locator('#legend button', { hasText: 'Brasileira' }).waitFor();
  await page.getByRole('link', { name: 'Máquina' }).click();
  await page.getByText(/^Tudo em ordem\. \d+ de 137 indexados, o modelo está (?:des)?carregado/).waitFor();
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByText(/^All is well\./).waitFor();
  await page.getByRole('link', { name: 'Restaurants', exact: true }).click();
  await page.getByLabel('Minimum rating').waitFor();
});

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('the two languages have the same sentences, and none is left in the other', () => {
  const { en, pt } = wordsOf;
  const same: string[] = [];
  const walk = (one: object, other: object, path: string) => {
    for (const [key, value] of Object.entries(one)) {
      const counterpart = (other as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) walk(value, counterpart as object, `${path}.${key}`);
      else if (typeof value === 'string' && value === counterpart) same.push(`${path}.${key}`);
    }
  };
  walk(en, pt, '');
  // API and CPU are abbreviations in both; the placeholder names dishes; "free" memory and so on must differ.
  assert.deepEqual(
    same.filter((path) => !/reference$|\.cpu$|exampleQueries/.test(path)),
    [],
  );
  for (const key of Object.keys(en.browser) as (keyof typeof en.browser)[])
    assert.deepEqual(placeholders(pt.browser[key]), placeholders(en.browser[key]), key);
});

test('a description is marked with its language when that is plain', () => {
  assert.equal(
    detectLanguage('Tabletop galbi and marbled brisket until dawn, with soju for the crowd.'),
    'en',
  );
  assert.equal(detectLanguage('A casa serve feijoada aos sábados, com tutu de feijão e couve.'), 'pt');
  assert.equal(detectLanguage('Sushi Bairro'), undefined);
});

test(
  'the first visit to the list loads at most 60 KB, and no page shifts while it loads',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '500' });
    for (const id of [1, 2, 3]) await service.get(`/restaurants/${id}`);
    const page = await newPage();
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(`${service.url}/`, { waitUntil: 'load' });
    await page.waitForFunction('document.documentElement.classList.contains("scripted")');
    assert.ok(bytes > 5_000 && bytes <= 60 * 1_024, `${bytes} bytes`);

    await page.addInitScript(`window.shifted = 0;
      new PerformanceObserver((list) => {
        for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) window.shifted += value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    // Shifts of a frame are reported after it.
    const shifts = `new Promise((done) =>
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.shifted)))))`;
    for (const width of [375, 1200]) {
      await page.setViewportSize({ width, height: 800 });
      for (const [path, ready] of [
        ['/', '.row'],
        ['/?q=sushi', '.row'],
        ['/explore/restaurants/2', '#similar [data-id]'],
        ['/explore/recommendations?like=2', '#recommended .row'],
        ['/explore/map', 'canvas[data-lit]:not([data-moving])'],
        ['/explore/machine', '.panel'],
        ['/docs', '.operation'],
      ] as const) {
        await page.goto(service.url + path);
        await page.locator(ready).first().waitFor();
        const shift = await page.evaluate<number>(shifts);
        assert.ok(shift <= 0.05, `${path} at ${width}: ${shift}`);
      }
    }
  },
);
