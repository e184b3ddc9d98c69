/** What the explorer's list says about a search, in real Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityProblems, noBrowser, openExplorer as open } from './support/browser.ts';
import { until } from './support/service.ts';

const options = { skip: noBrowser };

/** What an element shows, its HTML written as the browser writes it. */
const normalised = `(html) => { const t = document.createElement('template'); t.innerHTML = html; return t.innerHTML; }`;

test(
  'a search says that it corrected a word and found a place, and marks what the API marks',
  options,
  async (t) => {
    const { service, newPage } = await open(t);
    const page = await newPage();
    for (let id = 1; id <= 137; id += 1) await service.get(`/restaurants/${id}`);
    const query = new URLSearchParams({ q: 'piza in London' }).toString();
    const { items, place, corrected } = (await service.get(`/search?${query}&limit=24`)).body;
    assert.equal(place, 'London');
    assert.deepEqual(corrected, { piza: 'pizza' });
    await page.goto(`${service.url}/?${query}`);
    const understood = page.locator('[data-notice="understood"]');
    assert.equal(
      await understood.textContent(),
      'Showing results for “pizza in London”. Restaurants in London come first.',
    );
    const shown = await page.locator('.row').evaluateAll((rows) =>
      rows.map((row) => ({
        id: Number(row.getAttribute('data-id')),
        name: row.querySelector('h3 a')?.innerHTML,
        snippet: row.querySelector('.description')?.innerHTML ?? null,
      })),
    );
    const expected = [];
    for (const { restaurant, marked } of items) {
      const [name, snippet] = await page.evaluate<(string | null)[]>(
        `${JSON.stringify([marked.name, marked.snippet])}.map((html) => html && (${normalised})(html))`,
      );
      expected.push({ id: restaurant.id, name, snippet });
    }
    assert.deepEqual(shown, expected);
    assert.ok(expected.some(({ snippet }) => snippet?.includes('<mark>')));

    await page.goto(`${service.url}/?${query}&lang=pt`);
    await understood
      .getByText('Mostrando resultados para “pizza in London”. Restaurantes em London aparecem primeiro.')
      .waitFor();
  },
);

test('a query that names only a place is not said to be missing from the restaurants', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  for (let id = 1; id <= 137; id += 1) await service.get(`/restaurants/${id}`);
  await page.goto(`${service.url}/?q=em+Recife`);
  await page.getByText('Restaurants in Recife come first.').waitFor();
  assert.equal(await page.locator('[data-notice="found"]').count(), 0);
  assert.match((await page.locator('.row .facts').first().textContent()) ?? '', /Recife/);
});

test(
  'a city without restaurants, and filters that nothing passes, are said to be the reason',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '1' });
    const page = await newPage({ locale: 'pt-BR' });
    await until('all places are known', async () => {
      const { body } = await service.get('/search?mode=keyword&q=sushi+em+Cuiab%C3%A1');
      return body.place === 'Cuiabá';
    });
    await page.goto(`${service.url}/?q=sushi+em+Cuiabá`);
    await page.getByText('Não há restaurantes em Cuiabá; estes ficam em outros lugares.').waitFor();
    assert.ok((await page.locator('.row').count()) > 0);
    assert.equal(await page.locator('[data-notice="found"]').count(), 0);
    assert.equal(await page.locator('#chips .count').count(), 0, 'a search ranks every restaurant');
    await page.goto(`${service.url}/?q=sushi&location=Macapá`);
    await page.getByText('Nenhum restaurante atende aos filtros. Tente menos filtros.').waitFor();
    await page.goto(`${service.url}/?q=kjhkjh`);
    await page.getByText(/^Nenhum restaurante menciona “kjhkjh”/).waitFor();
  },
);

test(
  'while fewer than half can be found by meaning, the list says so in both languages, and then no longer',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '1' });
    const page = await newPage();
    const notice = page.locator('[data-notice="coverage"]');
    const sentences = {
      en: /^This search compared (\d+) of 137 restaurants by meaning and the others by their words only; /,
      pt: /^Esta busca comparou (\d+) de 137 restaurantes pelo significado e os outros só pelas palavras; /,
    };
    for (const [language, sentence] of Object.entries(sentences)) {
      await page.goto(`${service.url}/?q=feijoada&embedded=&lang=${language}`);
      const [, embedded] = sentence.exec((await notice.textContent()) ?? '') ?? [];
      const [, ofSummary] =
        /(\d+) (?:of|de) 137/.exec((await page.locator('#summary').textContent()) ?? '') ?? [];
      assert.ok(embedded, language);
      assert.equal(embedded, ofSummary);
    }
    await page.goto(`${service.url}/?q=feijoada&typing=1`);
    assert.equal(await notice.count(), 0, 'a search by words says so itself');
    await service.request('POST', '/embeddings/backfill');
    await until('all is indexed', async () => (await service.get('/embeddings')).body.ready === 137);
    await page.goto(`${service.url}/?q=feijoada&lang=en`);
    await page.getByText('Searched by meaning: 137 of 137.').waitFor();
    assert.equal(await notice.count(), 0);
  },
);

test('suggestions are chosen with the keys or the pointer', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/`);
  const field = page.getByRole('combobox', { name: 'What would you like to eat?' });
  const suggested = page.locator('#suggestions [role="option"]');
  await field.pressSequentially('sao');
  await suggested.first().waitFor();
  const { items } = (await service.get('/suggest?q=sao&limit=3')).body as { items: { text: string }[] };
  const expected = items.map(({ text }) => text).join();
  await until('the suggestions are those of the API', async () => {
    const texts = await suggested.evaluateAll((all) => all.map((option) => option.getAttribute('data-text')));
    return texts.join() === expected;
  });
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  assert.deepEqual(await accessibilityProblems(page), []);
  await field.press('Escape');
  assert.equal(await page.locator('#suggestions').isVisible(), false);

  await field.fill('ja');
  await suggested.first().waitFor();
  await field.press('ArrowDown');
  const id = await field.getAttribute('aria-activedescendant');
  const chosen = await page.locator(`#${id}[aria-selected="true"]`).getAttribute('data-text');
  await field.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === chosen);
  assert.equal(await field.inputValue(), chosen);
  assert.equal(new URL(page.url()).searchParams.get('q'), chosen);
  assert.equal(await field.getAttribute('aria-expanded'), 'false');

  await field.fill('ja');
  await suggested.nth(1).waitFor();
  const second = await suggested.nth(1).getAttribute('data-text');
  await suggested.nth(1).click();
  await page.waitForURL((url) => url.searchParams.get('q') === second);
});

test('chips count what they select, under the filters of the moment', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  await page.goto(`${service.url}/`);
  const chip = page.locator('#chips a', { hasText: 'Japanese' });
  const countOf = async () => Number(await chip.locator('.count').textContent());
  const all = await countOf();
  await page.locator('#minRating').selectOption('4.5');
  await page.locator('#chips a', { hasText: 'Clear filters' }).waitFor();
  const rated = await countOf();
  assert.ok(rated > 0 && rated < all, `${rated} of ${all}`);
  await chip.click();
  await page.locator('#chips [aria-current]', { hasText: 'Japanese' }).waitFor();
  await page.getByText(`${rated} restaurant`).first().waitFor();
  assert.equal(await page.locator('.row').count(), rated);
});
