import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../scripts/services.js';
import { findChromium, openPage } from '../support/browser.js';
import { BrowserDeployment } from '../support/browser-deployment.js';
import { newPerson } from '../support/browser-person.js';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';

const CHROMIUM = findChromium();
/** For a person to look at. */
const FOLDER = join(ROOT, 'dist/screenshots');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The phone is as narrow as a page enlarged to 400% (WCAG 2.2, success criterion 1.4.10). */
const DEVICES = { desktop: { width: 1200, height: 860 }, phone: { width: 320, height: 700 } } as const;
const LONG_EMAIL = `${'donaudampfschifffahrtselektrizitaetenhauptbetriebswerk'.padEnd(64, 'x')}@${'long-'.repeat(11)}label.${'even-longer-'.repeat(4)}label.example.com`;
const LONG_NAME = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunternehm';
const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604',
  'an-agent-without-a-space/1.0'.repeat(18),
  `An agent of many words ${'and more words '.repeat(30)}`,
];

/** Each page, and how it comes to look as it does when there is something to see. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  login: async () => undefined,
  'login?return_to=APP': async (page) => {
    await page.locator('[name=email]').fill('ada@example.com');
    await page.locator('[name=password]').fill('not the password of anybody');
    await page.locator('[type=submit]').click();
    await page.locator('.notice').waitFor();
  },
  'register?sent': async (page) => {
    await page.locator('[name=email]').fill(LONG_EMAIL);
    await page.locator('[name=password]').fill(PASSWORD);
    await page.locator('[type=submit]').click();
    await page.locator('form').waitFor({ state: 'detached' });
  },
  register: async (page) => {
    await page.locator('[name=email]').fill('ada@example.com');
    await page.locator('[name=password]').fill('a long even');
    await page.locator('[type=submit]').click();
    await page.locator('.field-error').waitFor();
  },
  'reset-password': async (page) => {
    await page.locator('[name=email]').fill('ada@example.com');
    await page.locator('[type=submit]').click();
    await page.locator('form').waitFor({ state: 'detached' });
  },
  'reset-password?token=x': async (page) => {
    await page.locator('[name=new_password]').fill(PASSWORD);
    await page.locator('[type=submit]').click();
    await page.locator('form').waitFor({ state: 'detached' });
  },
  'reset-password?token=y': async () => undefined,
  'verify-email': async () => undefined,
  'verify-email?token=x': async () => undefined,
  'verify-email?token=y': async (page) => {
    await page.locator('[type=submit]').click();
    await page.locator('form').waitFor({ state: 'detached' });
  },
  account: async (page) => {
    await page.locator('.sessions li').first().waitFor();
    await page.locator('.danger-text').click();
    await page.locator('.danger').click();
    await page.locator('.field-error').first().waitFor();
  },
};

(CHROMIUM ? describe : describe.skip)('how the pages look and are read out', () => {
  let all: BrowserDeployment;
  let email: string;
  beforeAll(async () => {
    all = await BrowserDeployment.start(CHROMIUM!, { SERVICE_NAME: LONG_NAME.slice(0, 64) });
    email = await newPerson(all, LONG_EMAIL);
    for (const agent of AGENTS) {
      await request('POST', `${all.auth}/auth/login`, {
        body: { email, password: PASSWORD },
        headers: { 'user-agent': agent },
      });
    }
    mkdirSync(FOLDER, { recursive: true });
  });
  afterAll(() => all.stop());

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each(Object.keys(DEVICES) as (keyof typeof DEVICES)[])(
      'on a %s, axe finds no violation',
      async (device) => {
        const locale = device === 'phone' ? 'de-DE' : 'en-GB';
        const context = await all.browser.newContext({
          viewport: DEVICES[device],
          colorScheme,
          locale,
          bypassCSP: true,
        });
        const { page } = await openPage(context);
        await page.goto(`${all.auth}/login`);
        for (const [path, prepare] of Object.entries(STATES)) {
          if (path === 'account') {
            await page.goto(`${all.auth}/login`);
            await page.locator('[name=email]').fill(email);
            await page.locator('[name=password]').fill(PASSWORD);
            await page.locator('[type=submit]').click();
          } else {
            await page.goto(`${all.auth}/${path.replace('APP', encodeURIComponent(all.app.origin))}`);
          }
          await page.locator('h1').waitFor();
          await prepare(page);
          const name = path.replaceAll(/\W+/g, '-');
          await page.screenshot({
            path: join(FOLDER, `${name}-${colorScheme}-${device}.png`),
            fullPage: true,
          });
          expect([path, await violationsOn(page)]).toEqual([path, []]);
          const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          expect([path, overflow <= 0]).toEqual([path, true]);
        }
        await context.close();
      },
    );
  });

  it('everything is reached and done with the keyboard alone', async () => {
    const { page } = await openPage(await all.browser.newContext({ locale: 'en-GB' }));
    await page.goto(`${all.auth}/login`);
    await page.locator('h1').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.locator('[name=password]').getAttribute('type')).toBe('text');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  });
});

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run({ resultTypes: ["violations"] })',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
