/** The explorer for everybody: assistive technology, phones, both colour schemes, forced colours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityProblems, noBrowser, openExplorer as open } from './support/browser.ts';

const options = { skip: noBrowser };

/** Each page, and what is there once all of it has come. */
const pages: readonly (readonly [path: string, ready: string])[] = [
  ['/', '.row'],
  ['/?q=sushi&lang=pt', '.row'],
  ['/explore/restaurants/2', '#similar [data-id]'],
  ['/explore/recommendations?like=2', '#recommended [data-id]'],
  ['/explore/map', 'canvas[data-lit]:not([data-moving])'],
  ['/explore/machine', '.panel'],
  ['/explore/nowhere', 'h1'],
  ['/docs', '.operation'],
];

/** Only colours differ between these. */
const otherColours = [
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'active' },
] as const;

test(
  'no page has an accessibility problem: light, dark, in forced colours, on a phone; none scrolls sideways',
  options,
  async (t) => {
    const { service, newPage } = await open(t, { TOP_UP_MS: '1000' });
    for (const id of [1, 2, 3]) await service.get(`/restaurants/${id}`);
    for (const width of [320, 1280]) {
      const page = await newPage({ width, height: 720, expected: /404/ });
      for (const [path, ready] of pages) {
        await page.goto(service.url + path);
        await page.locator(ready).first().waitFor();
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' });
        // Colours do not depend on the width, and take most of the time.
        const rules = width === 320 ? 'all but colours' : 'all';
        assert.deepEqual(await accessibilityProblems(page, { rules }), [], `${path} (${width})`);
        for (const colours of width === 320 ? [] : otherColours) {
          await page.emulateMedia({ ...colours, reducedMotion: 'reduce' });
          const found = await accessibilityProblems(page, { rules: 'colours' });
          assert.deepEqual(found, [], `${path} (${JSON.stringify(colours)})`);
        }
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(wide <= width, `${path}: ${wide} px wide in a window of ${width}`);
        if (width > 320) continue;
        // Links in running text are exempt (WCAG 2.5.8).
        const small = await page.evaluate<string[]>(`[...document.querySelectorAll(
        'button, input, select, summary, nav a, .chips a, .button, .pick, .examples a')]
        .filter((target) => target.checkVisibility() && target.type !== 'hidden')
        .filter((target) => target.closest('.pick') !== target.parentElement)
        .map((target) => [target.outerHTML.slice(0, 90), target.getBoundingClientRect()])
        .filter(([, { height, width }]) => width > 0 && (height < 43.9 || width < 43.9))
        .map(([html, { height, width }]) => html + ' ' + width + '×' + height)`);
        assert.deepEqual(small, [], path);
      }
    }
  },
);

/** Buttons in buttons, a second main, headings that begin at the third level: what the library itself renders. */
const ofSwaggerUi = [
  'nested-interactive',
  'heading-order',
  'landmark-main-is-top-level',
  'landmark-no-duplicate-main',
  'landmark-unique',
];

test('the interactive reference can be used, and is loaded only when it is asked for', options, async (t) => {
  const { service, newPage } = await open(t);
  const page = await newPage();
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(`${service.url}/docs`);
  await page.getByText(`curl ${service.url}/restaurants/1`, { exact: true }).first().waitFor();
  assert.ok(!requested.some((path) => path.includes('swagger')));
  await page.getByRole('button', { name: 'Open the interactive reference' }).click();
  await page.locator('.opblock').first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const rules = colorScheme === 'light' ? 'all' : 'colours';
    assert.deepEqual(await accessibilityProblems(page, { allowed: ofSwaggerUi, rules }), [], colorScheme);
  }
  const bundle = await fetch(`${service.url}/docs/swagger-ui-bundle.js`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  assert.equal(bundle.headers.get('content-encoding'), 'gzip');
});

test('the keyboard focus stays when a part of the page is replaced', options, async (t) => {
  const { service, newPage } = await open(t, { TOP_UP_MS: '1000' });
  const page = await newPage();
  await page.goto(`${service.url}/explore/recommendations?like=1`);
  const other = page.locator('#recommended').getByRole('button', { name: /^Like/ }).nth(1);
  await other.focus();
  const name = await other.getAttribute('aria-label');
  const shown = page.evaluate(
    'new Promise((done) => document.addEventListener("shown", done, { once: true }))',
  );
  await page.evaluate('document.querySelector("#update").click()');
  await shown;
  assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), name);
});
