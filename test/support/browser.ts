import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Where Chromium is; undefined, and a word on standard error, where there is none: nothing but npm's packages has to be
 * installed for the tests. `CHROMIUM` names another.
 */
export function findChromium(): string | undefined {
  const found = [process.env['CHROMIUM'], ...PATHS].find((path) => path !== undefined && existsSync(path));
  if (!found) process.stderr.write('some tests are left out: there is no Chromium (Debian: chromium)\n');
  return found;
}

/** @param without of what Playwright adds: with the back-forward cache it does not see every page that comes back */
export function launch(
  executablePath: string,
  more: readonly string[] = [],
  without: readonly string[] = [],
): Promise<Browser> {
  const args = [...ARGUMENTS, ...more];
  return chromium.launch({ executablePath, args, ignoreDefaultArgs: [...without] });
}

/** A page, and everything that went wrong on it that its visitor does not see. */
export interface WatchedPage {
  readonly page: Page;
  /** Uncaught errors, and what the Content-Security-Policy has refused. */
  readonly faults: string[];
  /** Every address of a request, with what it sent as `Referer`. */
  readonly requests: { readonly url: string; readonly referrer: string }[];
}

export async function openPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: { url: string; referrer: string }[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    requests.push({ url: request.url(), referrer: request.headers()['referer'] ?? '' });
  });
  return { page, faults, requests };
}
