/** Real Chromium for the explorer's tests; without it they skip. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, type TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startService } from './service.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

export const noBrowser = executablePath
  ? false
  : 'no Chromium is installed (Debian: apt-get install chromium)';

/** One for all tests of a file: starting it takes longer than most of them. */
let launched: Promise<Browser> | undefined;
const startBrowser = () =>
  (launched ??= chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] }));

after(async () => {
  await (await launched)?.close();
});

/** A blank page in a context of its own. */
export async function openBlankPage(t: TestContext): Promise<Page> {
  const context = await (await startBrowser()).newContext();
  t.after(() => context.close());
  return context.newPage();
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly javaScriptEnabled?: boolean;
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly permissions?: string[];
  readonly geolocation?: { latitude: number; longitude: number };
  /** What this test makes the page complain about. */
  readonly expected?: RegExp;
}

/**
 * A service with the sample catalogue, and pages that look at it, each in a context of its own. At the end of the
 * test no page may have done what a page should not do.
 */
export async function openExplorer(
  t: TestContext,
  environment: Record<string, string> = {},
  { arguments: given = ['--sample-data'] } = {},
) {
  const checks: (() => void)[] = [];
  // Before the service is ended, which pages complain about.
  t.after(() => checks.forEach((check) => check()));
  const service = await startService(t, { EMBED_WAIT_MS: '20000', ...environment }, { arguments: given });
  const browser = await startBrowser();
  const newPage = async (options: PageOptions = {}): Promise<Page> => {
    const { width = 1200, height = 800, expected, ...rest } = options;
    const context = await browser.newContext({ viewport: { width, height }, locale: 'en', ...rest });
    t.after(() => context.close());
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const problems = watch(page, service.url);
    checks.push(() =>
      assert.deepEqual(
        problems.filter((text) => !expected?.test(text)),
        [],
      ),
    );
    return page;
  };
  return { service, browser, newPage };
}

/** Everything that a page should not do: console errors, requests to other origins, violations of its policy. */
function watch(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) problems.push(`request: ${url}`);
  });
  return problems;
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const axeOptions = {
  all: {},
  colours: { runOnly: ['color-contrast'] },
  'all but colours': { rules: { 'color-contrast': { enabled: false } } },
};

/** The findings of axe-core, except of the rules that are `allowed`. */
export async function accessibilityProblems(
  page: Page,
  {
    allowed = [],
    rules = 'all',
  }: { readonly allowed?: readonly string[]; readonly rules?: keyof typeof axeOptions } = {},
): Promise<string[]> {
  // A change of the colour scheme is drawn by then.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  // Evaluated by the debugger, to which the page's Content-Security-Policy does not apply.
  if (!(await page.evaluate<boolean>('"axe" in window')))
    await page.evaluate(await readFile(axeFile, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(axeOptions[rules])})`);
  return violations
    .filter(({ id }) => !allowed.includes(id))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 300)}`,
    );
}
