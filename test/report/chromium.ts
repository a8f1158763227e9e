import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inCheckout } from '../support/checkout.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Why no page is looked at here; undefined where it is. CI has the browser. */
export const missingBrowser: string | undefined =
  existsSync(CHROMIUM) || process.env['CI']
    ? undefined
    : `no page was looked at: there is no ${CHROMIUM} (Debian's chromium)`;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

export interface Opened {
  readonly page: Page;
  /** What went wrong in the page, or was asked of a network. */
  readonly complaints: string[];
}

/** A page opened from its file, as from a file manager. */
export async function openPage(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // A busy machine takes longer than half a minute now and then.
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => void (/^(?:file|data|blob):/.test(request.url()) || complaints.push(request.url())));
  await page.goto(pathToFileURL(path).href);
  return { page, complaints };
}

/** What axe-core finds wrong for people who see, point or read otherwise. */
export async function barriers(page: Page): Promise<string[]> {
  const axe = readFileSync(inCheckout('node_modules/axe-core/axe.min.js'), 'utf8');
  // Evaluated by the debugger, which the page's policy does not concern.
  await page.evaluate(axe);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as {
    id: string;
    nodes: { html: string }[];
  }[];
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
