import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@signet/browser-client';
import type { BrowserContext } from 'playwright-core';
import { findChromium, openPage } from '../support/browser.js';
import { BrowserDeployment } from '../support/browser-deployment.js';
import { logInOn, newPerson } from '../support/browser-person.js';
import { PASSWORD } from '../support/deployment.js';

const CHROMIUM = findChromium();

(CHROMIUM ? describe : describe.skip)('an application on another origin', () => {
  let all: BrowserDeployment;
  beforeAll(async () => {
    all = await BrowserDeployment.start(CHROMIUM!, { JWT_EXPIRES_IN: '3600' });
  });
  afterAll(() => all.stop());

  async function openApp(context: BrowserContext) {
    const watched = await openPage(context);
    await watched.page.goto(all.app.origin);
    return watched;
  }

  async function loggedInApp() {
    const email = await newPerson(all);
    const context = await all.browser.newContext();
    const watched = await openApp(context);
    await watched.page.getByLabel('E-mail').fill(email);
    await watched.page.getByLabel('Password').fill(PASSWORD);
    await watched.page.getByRole('button', { name: 'Log in' }).click();
    await watched.page.getByText(email).waitFor();
    return { ...watched, context, email };
  }

  it('logs in, adds a task and sees it after a reload', async () => {
    const { page, email, faults } = await loggedInApp();
    await page.getByLabel('New task').fill('Seal <b>the</b> letter');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Seal <b>the</b> letter').waitFor();
    await page.reload();
    await page.getByText(email).waitFor();
    await page.getByText('Seal <b>the</b> letter').waitFor();
    expect(faults).toEqual([]);
  });

  it('sends its token to its own origin, and to no other by mistake or by a redirect', async () => {
    const { page } = await loggedInApp();
    all.app.pages.set('/own', 'own');
    all.app.redirects.set('/away', `${all.evil.origin}/caught`);
    const outcomes = await page.evaluate<unknown[]>(`(async () => {
      const { createClient } = await import('/client/index.js');
      const client = createClient({ authUrl: '${all.auth}', origins: [] });
      const urls = ['/own', '/away', '${all.evil.origin}/direct', '${all.business}/tasks'];
      const call = (url) => client.fetch(url).then(({ status }) => status, ({ code, name }) => code ?? name);
      return Promise.all(urls.map(call));
    })()`);
    // The browser does not let the page read what the redirect has led to.
    expect(outcomes).toEqual([200, 'TypeError', 'ORIGIN_NOT_LISTED', 'ORIGIN_NOT_LISTED']);
    const sent = (path: string) =>
      all.app.received.filter(({ url }) => url === path).map((each) => each.authorization);
    expect(sent('/own')).toEqual([expect.stringMatching(/^Bearer eyJ/)]);
    expect(all.evil.received.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/caught', ''],
    ]);
  });

  it('shows what auth answers to a wrong password', async () => {
    const { page } = await openApp(await all.browser.newContext());
    await page.getByLabel('E-mail').fill('ada@example.com');
    await page.getByLabel('Password').fill('not the password of anybody');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
  });

  it('refreshes once for five tabs that open together, and a logout in one is a logout in all', async () => {
    const { context, email } = await loggedInApp();
    let refreshes = 0;
    context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/auth/refresh')) refreshes++;
    });
    // A tab that is there has the token for a new one; with none left, one of five asks auth.
    await (await openApp(context)).page.getByText(email).waitFor();
    expect(refreshes).toBe(0);
    for (const each of context.pages()) await each.close();
    const tabs = await Promise.all([1, 2, 3, 4, 5].map(() => openApp(context)));
    await Promise.all(tabs.map((tab) => tab.page.getByText(email).waitFor()));
    expect(refreshes).toBe(1);
    await tabs[2]!.page.getByRole('button', { name: 'Log out' }).click();
    for (const { page } of tabs) await page.getByRole('button', { name: 'Log in' }).waitFor();
    await tabs[0]!.page.reload();
    await tabs[0]!.page.getByRole('button', { name: 'Log in' }).waitFor();
  });

  it('goes on with a new token when a session of many tabs has lost its old one', async () => {
    const { context, email } = await loggedInApp();
    const tabs = await Promise.all([1, 2, 3].map(() => openApp(context)));
    await Promise.all(tabs.map((tab) => tab.page.getByText(email).waitFor()));
    let [stale, refreshes]: [string | undefined, number] = [undefined, 0];
    context.on('request', (sent) => {
      if (sent.method() === 'POST' && sent.url().endsWith('/auth/refresh')) refreshes++;
    });
    await context.route(`${all.business}/tasks`, async (route) => {
      const { authorization } = route.request().headers();
      stale ??= authorization;
      if (authorization !== stale) return route.continue();
      await route.fulfill({
        status: 401,
        headers: {
          'access-control-allow-origin': all.app.origin,
          'access-control-allow-credentials': 'true',
        },
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 401, code: 'TOKEN_STALE', detail: 'Token expired' }),
      });
    });
    await Promise.all(tabs.map((tab) => tab.page.getByLabel('New task').fill('Seal')));
    await Promise.all(tabs.map((tab) => tab.page.getByRole('button', { name: 'Add' }).click()));
    for (const tab of tabs)
      await tab.page.getByRole('listitem').filter({ hasText: 'Seal' }).first().waitFor();
    expect([stale, refreshes]).toEqual([expect.stringContaining('Bearer '), 1]);
  });

  it('sends its visitor to the pages of auth and gets them back logged in', async () => {
    const email = await newPerson(all);
    const { page } = await openPage(await all.browser.newContext({ locale: 'en-GB' }));
    await page.goto(`${all.auth}/login?return_to=${encodeURIComponent(all.app.origin)}`);
    await page.getByText(`to continue to ${new URL(all.app.origin).host}`).waitFor();
    await logInOn(page, email);
    await page.waitForURL(`${all.app.origin}/`);
    await page.getByText(email).waitFor();
  });

  it('works in Node as well, without a cookie', async () => {
    const email = await newPerson(all);
    const client = createClient({ authUrl: all.auth, origins: [all.business] });
    expect(await client.login({ email, password: PASSWORD })).toMatchObject({ email });
    expect((await client.fetch(`${all.business}/tasks`)).status).toBe(200);
    await client.logout();
    expect((await client.fetch(`${all.business}/tasks`)).status).toBe(401);
  });
});
