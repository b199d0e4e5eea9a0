import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { findChromium, openPage } from '../support/browser.js';
import { BrowserDeployment } from '../support/browser-deployment.js';
import { loggedInBrowser, logInOn, newPerson } from '../support/browser-person.js';
import { PASSWORD } from '../support/deployment.js';
import { linkOf } from '../support/mailbox.js';

const CHROMIUM = findChromium();
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

/** What a page of an attacker does with the session of its visitor; each resolves with what it could read. */
const FORGERIES: Readonly<Record<string, (auth: string) => string>> = {
  'a form': (auth) => `
    document.body.innerHTML = '<iframe name="sink"></iframe><form method="post" action="${auth}/auth/logout" target="sink"></form>';
    const loaded = new Promise((resolve) => (document.querySelector('iframe').onload = resolve));
    document.querySelector('form').submit();
    await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 1000))]);
    return 'sent';`,
  'a form that looks like JSON': (auth) => `
    document.body.innerHTML = '<iframe name="sink"></iframe><form method="post" enctype="text/plain" action="${auth}/auth/logout" target="sink"><input name=\\'{"a":"\\' value=\\'"}\\'></form>';
    const loaded = new Promise((resolve) => (document.querySelector('iframe').onload = resolve));
    document.querySelector('form').submit();
    await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 1000))]);
    return 'sent';`,
  'fetch without a preflight': (auth) => `
    const init = { method: 'POST', mode: 'no-cors', credentials: 'include' };
    return fetch('${auth}/auth/logout', init).then((answer) => answer.text(), (error) => error.name);`,
  'fetch of plain text': (auth) => `
    const answer = await fetch('${auth}/auth/refresh', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}', headers: { 'content-type': 'text/plain' } }).catch((error) => error);
    return answer.type ?? answer.name;`,
  'fetch of JSON': (auth) => `
    const init = { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' };
    return fetch('${auth}/auth/refresh', init).then((answer) => answer.text(), (error) => error.name);`,
  'an image': (auth) => `
    const image = new Image();
    const done = new Promise((resolve) => (image.onload = image.onerror = (event) => resolve(event.type)));
    image.src = '${auth}/auth/logout';
    return done;`,
  'a WebSocket': (auth) => `
    const socket = new WebSocket('${auth.replace('http', 'ws')}/auth/me');
    return new Promise((resolve) => { socket.onopen = () => resolve('open'); socket.onerror = () => resolve('refused'); });`,
  'a beacon': (auth) => `
    navigator.sendBeacon('${auth}/auth/logout', new Blob(['{}'], { type: 'text/plain' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    return 'sent';`,
};

(CHROMIUM ? describe : describe.skip)('attacks in a browser', () => {
  let all: BrowserDeployment;
  beforeAll(async () => {
    all = await BrowserDeployment.start(CHROMIUM!);
    for (const { pages } of [all.evil, all.app]) {
      pages.set('/evil', '<!doctype html><title>evil</title><body></body>');
    }
  });
  afterAll(() => all.stop());

  const run = (page: Page, body: string) => page.evaluate<unknown>(`(async () => { ${body} })()`);
  const storesOf = (page: Page) =>
    page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, location.href, window.name])',
    );

  describe.each([
    ['a sibling port, which gets the cookie along', () => all.evil.origin],
    ['another site', () => all.evil.foreignOrigin],
  ])('from %s', (_case, origin) => {
    it.each(Object.keys(FORGERIES))('%s changes nothing and reads nothing', async (name) => {
      const { page, context, email } = await loggedInBrowser(all);
      const cookies = await context.cookies(all.auth);
      const evil = await openPage(context);
      await evil.page.goto(`${origin()}/evil`);
      const read = String(await run(evil.page, FORGERIES[name]!(all.auth)));
      expect(read).not.toMatch(JWT);
      expect(read).not.toBe('open');
      expect(await context.cookies(all.auth)).toEqual(cookies);
      await page.reload();
      await page.getByText(email).first().waitFor();
      await context.close();
    });
  });

  it('a login from elsewhere does not make its visitor somebody else', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    const attacker = await newPerson(all);
    const evil = await openPage(context);
    await evil.page.goto(`${all.evil.origin}/evil`);
    const body = JSON.stringify({ email: attacker, password: PASSWORD, mode: 'cookie' });
    const type = `{ 'content-type': 'text/plain' }`;
    await run(
      evil.page,
      `await fetch('${all.auth}/auth/login', { method: 'POST', mode: 'no-cors', credentials: 'include', headers: ${type}, body: '${body}' }).catch(() => 0)`,
    );
    const json = `{ 'content-type': 'application/json' }`;
    await run(
      evil.page,
      `await fetch('${all.auth}/auth/login', { method: 'POST', credentials: 'include', headers: ${json}, body: '${body}' }).catch(() => 0)`,
    );
    await page.reload();
    await page.getByText(email).first().waitFor();
  });

  it.each(['/login', '/account'])('%s cannot be put into a frame', async (path) => {
    const { context } = await loggedInBrowser(all);
    for (const origin of [all.evil.origin, all.evil.foreignOrigin, all.app.origin]) {
      const evil = await openPage(context);
      await evil.page.goto(`${origin}/evil`);
      await evil.page.setContent(`<iframe src="${all.auth}${path}"></iframe>`);
      await evil.page.waitForTimeout(500);
      const frame = evil.page.frames().find((each) => each !== evil.page.mainFrame());
      expect([frame?.url(), await frame?.locator('#app').count()]).toEqual([
        'chrome-error://chromewebdata/',
        0,
      ]);
    }
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    'javascript:document.body.append("hit")',
    'http://localhost@evil.example/',
    'https:evil.example',
  ])('a login never leads to %s', async (target) => {
    const email = await newPerson(all);
    const { page, requests } = await openPage(await all.browser.newContext({ locale: 'en-GB' }));
    await page.goto(`${all.auth}/login?return_to=${encodeURIComponent(target)}`);
    await logInOn(page, email);
    await page.waitForURL((url) => url.pathname !== '/login');
    expect(new URL(page.url()).origin).toBe(all.auth);
    expect(requests.filter(({ url }) => new URL(url).hostname.includes('evil'))).toHaveLength(0);
  });

  it('markup in every field and in every address stays text', async () => {
    const payload = `"><img src=x onerror="document.title='hit'"><script>document.title='hit'</script>`;
    const { page, context, faults } = await loggedInBrowser(all);
    const paths = ['login', 'register', 'reset-password', 'verify-email', 'account'];
    for (const path of paths) {
      const visitor = await openPage(context);
      const query = new URLSearchParams({
        return_to: payload,
        token: payload,
        lang: payload,
        email: payload,
      });
      await visitor.page.goto(`${all.auth}/${path}?${query.toString()}#${encodeURIComponent(payload)}`);
      await visitor.page.waitForLoadState('networkidle');
      for (const input of await visitor.page.locator('input:visible').all()) await input.fill(payload);
      const button = visitor.page.locator('button[type=submit]').first();
      if ((await button.count()) > 0) await button.click();
      await visitor.page.waitForTimeout(200);
      expect(await visitor.page.title()).not.toBe('hit');
      expect(await visitor.page.locator('img[src=x]').count()).toBe(0);
      expect(visitor.faults).toEqual([]);
      await visitor.page.close();
    }
    // A name that another session has given itself.
    const other = await openPage(await all.browser.newContext({ userAgent: payload, locale: 'en-GB' }));
    await other.page.goto(`${all.auth}/login`);
    await page.reload();
    const profile = await page.getByRole('region', { name: 'Profile' }).innerText();
    await logInOn(other.page, /\S+@\S+/.exec(profile)?.[0] ?? '');
    await other.page.getByText('This device').waitFor();
    await page.reload();
    await page.getByText('onerror').first().waitFor();
    expect([await page.title(), faults]).toEqual(['Your account · Signet', []]);
  });

  it('no token is in storage, in an address, in the history or in a script-readable cookie', async () => {
    const { page, context } = await loggedInBrowser(all);
    expect(await storesOf(page)).not.toMatch(JWT);
    const session = (await context.cookies(all.auth)).find(({ name }) => name.includes('signet-session'));
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(await storesOf(page)).not.toContain(session!.value);
    const databases = await page.evaluate<unknown[]>('indexedDB.databases()');
    const caches = await page.evaluate<unknown[]>('caches.keys()');
    expect([databases, caches]).toEqual([[], []]);
  });

  it('the token of a link leaves the address and the history, and goes nowhere but to its route', async () => {
    const email = await newPerson(all);
    const { page, requests } = await openPage(await all.browser.newContext({ locale: 'en-GB' }));
    await page.goto(`${all.auth}/reset-password`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send link' }).click();
    const link = linkOf(await all.mailbox.next(email));
    const token = link.searchParams.get('token')!;
    await page.goto(link.href);
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    expect(page.url()).toBe(`${all.auth}/reset-password`);
    await page.goto(`${all.app.origin}/`);
    await page.goBack();
    await page.getByRole('heading', { name: 'Reset your password' }).waitFor();
    expect(page.url()).not.toContain(token);
    const leaks = requests.filter(
      ({ url, referrer }) => referrer.includes(token) || (url.includes(token) && url !== link.href),
    );
    expect(leaks).toEqual([]);
    expect(all.deployment.auth.output()).not.toContain(token);
    expect(
      all.app.received.filter(({ referrer, url }) => (referrer + url).includes('reset-password')),
    ).toEqual([]);
  });

  it('nothing of a session is in the logs of the services', async () => {
    const { context } = await loggedInBrowser(all);
    const session = (await context.cookies(all.auth)).find(({ name }) => name.includes('signet-session'));
    const output = all.deployment.auth.output() + all.deployment.business.output();
    expect(output).not.toContain(session!.value);
    expect(output).not.toMatch(JWT);
    expect(output).not.toContain(PASSWORD);
  });

  async function unusedContext(): Promise<BrowserContext> {
    return all.browser.newContext({ locale: 'en-GB' });
  }

  it('an old tab shows nothing of an account after its session was ended', async () => {
    const { page, email } = await loggedInBrowser(all);
    const other = await openPage(await unusedContext());
    await other.page.goto(`${all.auth}/login`);
    await logInOn(other.page, email);
    await other.page.getByRole('button', { name: 'Log out all other devices' }).click();
    await other.page.getByText('All other devices are logged out.').waitFor();
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.waitForURL('**/login**');
    await page.goto(`${all.auth}/account`);
    await page.waitForURL('**/login**');
  });
});
