import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { findChromium, launch, openPage } from '../support/browser.js';
import { BrowserDeployment } from '../support/browser-deployment.js';
import { loggedInBrowser, logInOn, newPerson } from '../support/browser-person.js';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { linkOf } from '../support/mailbox.js';

const CHROMIUM = findChromium();
const SERVICE_NAME = `<img src=x onerror="document.title='hit'"></title>`;
const HOSTILE_LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="document.documentElement.id='hit'"><script>document.documentElement.id = 'hit'</script></svg>`;
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
  'a beacon of JSON': (auth) => `
    navigator.sendBeacon('${auth}/auth/logout', new Blob(['{}'], { type: 'application/json' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    return 'sent';`,
  'a form that takes the whole page there': (auth) => `
    document.body.innerHTML = '<form method="post" enctype="text/plain" action="${auth}/auth/logout"><input name="a"></form>';
    setTimeout(() => document.querySelector('form').submit());
    return 'sent';`,
  'a frame without an origin': (auth) => `
    const script = "fetch('${auth}/auth/refresh', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.text(), (error) => error.name).then((read) => parent.postMessage(read, '*'))";
    const frame = Object.assign(document.createElement('iframe'), { sandbox: 'allow-scripts', srcdoc: '<script>' + script + '</' + 'script>' });
    const heard = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data)));
    document.body.append(frame);
    return heard;`,
  'fetch of the list of sessions': (auth) => `
    const init = { method: 'DELETE', credentials: 'include' };
    return fetch('${auth}/auth/sessions', init).then((answer) => answer.text(), (error) => error.name);`,
  'a script, a style and an event stream': (auth) => `
    const loaded = (element) => new Promise((resolve) => { element.onload = element.onerror = (event) => resolve(event.type); document.head.append(element); });
    const script = await loaded(Object.assign(document.createElement('script'), { src: '${auth}/auth/me' }));
    const style = await loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '${auth}/auth/me' }));
    const source = new EventSource('${auth}/revocations', { withCredentials: true });
    const stream = await new Promise((resolve) => { source.onopen = () => resolve('open'); source.onerror = () => resolve('error'); });
    return stream === 'open' ? 'open' : [script, style, stream].join();`,
};

/** What names a place that is not ours, in every way that a parser was ever led astray by. */
const FOREIGN_PLACES: readonly string[] = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example/',
  '\\\\evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '/%2fevil.example/',
  '%2f%2fevil.example/',
  '/%5cevil.example/',
  '%252f%252fevil.example/',
  '/.//evil.example/',
  '/login?return_to=https://evil.example/',
  'https:evil.example',
  'https:/evil.example',
  'http://localhost@evil.example/',
  'http://evil。example/',
  'http://ｅｖｉｌ.example/',
  'javascript:document.body.append("astray")',
  'java\nscript:document.body.append("astray")',
  '\u0001javascript:document.body.append("astray")',
  'data:text/html,<h1>astray</h1>',
  'blob:https://evil.example/0',
  'view-source:https://evil.example/',
];

(CHROMIUM ? describe : describe.skip)('attacks in a browser', () => {
  let all: BrowserDeployment;
  const theme = mkdtempSync(join(tmpdir(), 'signet-theme-'));
  beforeAll(async () => {
    writeFileSync(join(theme, 'logo.svg'), HOSTILE_LOGO);
    all = await BrowserDeployment.start(CHROMIUM!, { SERVICE_NAME, PAGES_THEME_DIR: theme });
    for (const { pages } of [all.evil, all.app]) {
      pages.set('/evil', '<!doctype html><title>evil</title><body></body>');
    }
  });
  afterAll(async () => {
    await all.stop();
    rmSync(theme, { recursive: true });
  });

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

  it('a login never leads anywhere else, whatever return_to says', async () => {
    const { context } = await loggedInBrowser(all);
    const lookAlikes = [
      `${all.app.origin}.evil.example/`,
      `${all.app.origin}@evil.example/`,
      all.evil.origin,
    ];
    for (const target of [...FOREIGN_PLACES, ...lookAlikes]) {
      const { page, requests } = await openPage(context);
      // The page of somebody who is logged in goes on at once.
      await page.goto(`${all.auth}/login?return_to=${encodeURIComponent(target)}`);
      await page.waitForURL((url) => url.pathname !== '/login');
      await page.waitForLoadState();
      const places = new Set(requests.map(({ url }) => new URL(url).origin));
      expect([target, [...places]]).toEqual([target, [all.auth]]);
      expect(await page.locator('body').innerText()).not.toContain('astray');
      await page.close();
    }
    await context.close();
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
    expect([await page.title(), faults]).toEqual([`Your account · ${SERVICE_NAME}`, []]);
  });

  it('markup in what auth answers stays text', async () => {
    const payload = `<img src=x onerror="document.title='hit'">`;
    const { page, faults } = await openPage(await unusedContext());
    await page.route('**/auth/register', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: payload,
          detail: payload,
          errors: [
            { field: 'email', message: payload },
            { field: payload, message: payload },
          ],
        }),
      }),
    );
    await page.goto(`${all.auth}/register`);
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.locator('.field-error').waitFor();
    expect([await page.title(), await page.locator('img[src=x]').count()]).not.toContain('hit');
    expect([await page.locator('img[src=x]').count(), faults]).toEqual([0, []]);
  });

  it("a team's own logo runs no script, as an image and opened by itself", async () => {
    const { page } = await openPage(await unusedContext());
    for (const path of ['login', 'logo.svg']) {
      await page.goto(`${all.auth}/${path}`);
      expect([path, await page.evaluate('document.documentElement.id')]).toEqual([path, '']);
    }
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

  it('what tabs tell each other stays on their origin, and nothing from another reaches them', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    const evil = await openPage(context);
    await evil.page.goto(`${all.evil.origin}/evil`);
    const name = JSON.stringify(`signet:${all.auth}`);
    await run(
      evil.page,
      `window.heard = []; window.channel = new BroadcastChannel(${name}); channel.onmessage = ({ data }) => heard.push(data); addEventListener('message', ({ data }) => heard.push(data));`,
    );
    const tab = await openPage(context);
    await tab.page.goto(`${all.auth}/account`);
    await tab.page.getByText(email).first().waitFor();
    await run(evil.page, `channel.postMessage({ asks: true }); channel.postMessage({});`);
    await evil.page.waitForTimeout(300);
    expect(await evil.page.evaluate('heard')).toEqual([]);
    await page.getByText(email).first().waitFor();
    await context.close();
  });

  it('nothing of an account is shown again by the button of the browser', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.waitForURL('**/login**');
    await page.goto(`${all.app.origin}/evil`);
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.content()).not.toContain(email);
    await context.close();
  });

  it('nothing of an account comes back out of the back-forward cache once its session is over', async () => {
    const browser = await launch(CHROMIUM!, [], ['--disable-back-forward-cache']);
    const { page, context, email } = await loggedInBrowser(all, browser);
    await page.goto(`${all.app.origin}/evil`);
    const other = await openPage(context);
    await other.page.goto(`${all.auth}/account`);
    await other.page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await other.page.waitForURL('**/login**');
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.content()).not.toContain(email);
    await browser.close();
  });

  it('what one person began is not done as another, who has logged in elsewhere in the browser since', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    const next = await newPerson(all);
    const [, elsewhere] = await Promise.all(
      [email, next].map((each) =>
        request('POST', `${all.auth}/auth/login`, {
          body: { email: each, password: PASSWORD },
          headers: { 'user-agent': `Agent of ${each}` },
        }),
      ),
    );
    await page.reload();
    await page.getByRole('button', { name: 'Log out all other devices' }).waitFor();
    const app = await openPage(context);
    await app.page.goto(all.app.origin);
    await app.page.getByText(email).waitFor();
    await app.page.getByRole('button', { name: 'Log out' }).click();
    await app.page.getByLabel('E-mail').fill(next);
    await app.page.getByLabel('Password').fill(PASSWORD);
    await app.page.getByRole('button', { name: 'Log in' }).click();
    await app.page.getByText(next).waitFor();
    // The page of the first still shows the first, whose session is over.
    expect(await page.content()).toContain(email);
    await page.getByRole('button', { name: 'Log out all other devices' }).click();
    await page.getByRole('region', { name: 'Profile' }).getByText(next).waitFor();
    await page.getByText(`Agent of ${next}`).waitFor();
    expect(await page.content()).not.toContain(email);
    const me = await request('GET', `${all.auth}/auth/me`, {
      token: String(elsewhere!.body['access_token']),
    });
    expect(me.status).toBe(200);
    await app.page.reload();
    await app.page.getByText(next).waitFor();
    await context.close();
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
