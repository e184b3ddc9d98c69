/** Real Chromium for the explorer's tests; without it they skip. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startService } from './service.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

export const noBrowser = executablePath
  ? false
  : 'no Chromium is installed (Debian: apt-get install chromium)';

export async function startBrowser(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  t.after(() => browser.close());
  return browser;
}

/** A service with the sample catalogue, and pages that look at it. */
export async function openExplorer(t: TestContext, environment: Record<string, string> = {}) {
  const service = await startService(
    t,
    { EMBED_WAIT_MS: '20000', ...environment },
    { arguments: ['--sample-data'] },
  );
  const browser = await startBrowser(t);
  const newPage = async (size = { width: 1200, height: 800 }): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: size })).newPage();
    page.setDefaultTimeout(15_000);
    return page;
  };
  return { service, newPage };
}

/** Everything that a page should not do: console errors, requests to other origins, violations of its policy. */
export function watch(page: Page, origin: string): string[] {
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
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Serious and critical findings of axe-core. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not concern.
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 300)}`,
    );
}
