import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium, launch, openPage } from '../support/browser.js';
import { logInOn } from '../support/browser-person.js';
import { deploy, PASSWORD, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { TlsFront } from '../support/tls-front.js';

const CHROMIUM = findChromium();
const COOKIE = '__Host-signet-session';

(CHROMIUM ? describe : describe.skip)('the session in a browser under TLS', () => {
  let front: TlsFront;
  let deployment: Deployment;
  let browser: Browser;
  let auth: string;
  beforeAll(async () => {
    front = await TlsFront.open();
    auth = front.originOf('id.signet.test');
    browser = await launch(CHROMIUM!, ['--host-resolver-rules=MAP *.signet.test 127.0.0.1']);
    deployment = await deploy({}, { PUBLIC_URL: auth });
    front.target = deployment.auth.url;
  });
  afterAll(async () => {
    await browser.close();
    await undeploy(deployment);
    await front.close();
  });

  let people = 0;
  async function newPerson(): Promise<string> {
    const email = `person-${++people}@example.com`;
    const body = { email, password: PASSWORD };
    await request('POST', `${deployment.auth.url}/auth/register`, { body });
    return email;
  }

  /** A browser whose visitor is on the account page. */
  async function loggedIn() {
    const email = await newPerson();
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
    const watched = await openPage(context);
    await watched.page.goto(`${auth}/login`);
    await logInOn(watched.page, email);
    await watched.page.getByText(email).first().waitFor();
    const session = async () => (await context.cookies(auth)).find(({ name }) => name === COOKIE);
    return { ...watched, context, email, session };
  }

  it('is in a cookie that is bound to its host and to TLS, and that no script can read', async () => {
    const { page, context, session } = await loggedIn();
    expect(await session()).toMatchObject({
      domain: 'id.signet.test',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect((await context.cookies()).map(({ name }) => name)).toEqual([COOKIE]);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate('isSecureContext')).toBe(true);
    await context.close();
  });

  it('is renewed on a reload, and gone after a logout', async () => {
    const { page, context, email, session, faults } = await loggedIn();
    const first = await session();
    await page.reload();
    await page.getByText(email).first().waitFor();
    const second = await session();
    expect(second?.value).not.toBe(first?.value);
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.waitForURL('**/login**');
    expect(await context.cookies()).toEqual([]);
    const late = await request('POST', `${deployment.auth.url}/auth/refresh`, {
      headers: { cookie: `${COOKIE}=${second!.value}`, origin: auth },
    });
    expect([late.status, faults]).toEqual([401, []]);
    await context.close();
  });

  it("is not replaced by an attacker's, which another host of the domain plants", async () => {
    const attacker = { email: await newPerson(), password: PASSWORD };
    const { body } = await request('POST', `${deployment.auth.url}/auth/login`, { body: attacker });
    const token = String(body['refresh_token']);
    const cookies = [
      `${COOKIE}=${token}; Secure; Path=/; Domain=signet.test`,
      `${COOKIE}=${token}; Secure; Path=/auth; Domain=signet.test`,
      `__HOST-signet-session=${token}; Secure; Path=/; Domain=signet.test`,
      `=${COOKIE}=${token}; Secure; Path=/; Domain=signet.test`,
      `signet-session=${token}; Secure; Path=/; Domain=signet.test`,
    ];
    const script = cookies.map((cookie) => `document.cookie = ${JSON.stringify(cookie)};`).join('\n');
    front.hosts.set('evil.signet.test', { body: `<script>${script}</script>`, cookies });
    const { page, context, email, session } = await loggedIn();
    const before = await session();
    const evil = await openPage(context);
    await evil.page.goto(front.originOf('evil.signet.test'));
    expect(await session()).toEqual(before);
    await page.reload();
    await page.getByText(email).first().waitFor();
    // Nor is somebody logged in by it who was not.
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.waitForURL('**/login**');
    await evil.page.reload();
    await page.goto(`${auth}/`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect((await context.cookies(auth)).map(({ name }) => name)).toEqual(['signet-session']);
    await context.close();
  });
});
