import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findChromium, openPage } from '../support/browser.js';
import { BrowserDeployment } from '../support/browser-deployment.js';
import { loggedInBrowser, logInOn, newPerson } from '../support/browser-person.js';
import { PASSWORD } from '../support/deployment.js';
import { linkOf } from '../support/mailbox.js';

const CHROMIUM = findChromium();
const NEXT_PASSWORD = 'another long and quiet evening';

(CHROMIUM ? describe : describe.skip)('people and their pages', () => {
  let all: BrowserDeployment;
  beforeAll(async () => {
    all = await BrowserDeployment.start(CHROMIUM!);
  });
  afterAll(() => all.stop());

  const visitor = async (options: object = {}) =>
    openPage(await all.browser.newContext({ locale: 'en-GB', ...options }));

  it('register, open the link of the mail, confirm with the password, log in, and log out', async () => {
    const { page, faults } = await visitor();
    await page.goto(all.auth);
    await page.getByRole('link', { name: 'Register' }).click();
    await page.getByLabel('E-mail address').fill('ada@example.com');
    const password = page.getByLabel('Password', { exact: true });
    await password.pressSequentially('a long');
    expect(await page.getByRole('listitem').filter({ hasText: '6 of 15' }).textContent()).toContain(
      'not met yet',
    );
    await password.fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('We have sent a message to ada@example.com').waitFor();

    const link = linkOf(await all.mailbox.next('ada@example.com'));
    expect(link.origin + link.pathname).toBe(`${all.auth}/verify-email`);
    await page.goto(link.href);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByLabel('Password', { exact: true }).fill('not the one of the registration');
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByText('The password is wrong.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByRole('heading', { name: 'Address confirmed' }).waitFor();

    await page.getByRole('link', { name: 'Log in' }).click();
    await logInOn(page, 'ada@example.com');
    await page.getByText('ada@example.com').first().waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await page.waitForURL('**/login**');
    await page.goto(`${all.auth}/account`);
    await page.waitForURL('**/login**');
    expect(faults).toEqual([]);
  });

  it('see beside each field what is wrong with it, and get there by the keyboard alone', async () => {
    const { page } = await visitor();
    await page.goto(`${all.auth}/register`);
    await page.getByLabel('E-mail address').focus();
    await page.keyboard.type('no address');
    await page.keyboard.press('Enter');
    const email = page.getByLabel('E-mail address');
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
    await email.fill('grace@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('signet signet signet');
    await page.keyboard.press('Enter');
    await page.getByText('It must not be the name of this service.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('grace@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('It must not be your e-mail address or its first part.').waitFor();
  });

  it('hear the same of an address with and without an account', async () => {
    const taken = await newPerson(all);
    const said: string[] = [];
    for (const email of [taken, 'free@example.com']) {
      const { page } = await visitor();
      await page.goto(`${all.auth}/register`);
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
      const registered = await page.locator('main').innerText();
      await page.goto(`${all.auth}/reset-password`);
      await page.getByLabel('E-mail address').fill(email);
      await page.getByRole('button', { name: 'Send link' }).click();
      await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
      const reset = await page.locator('main').innerText();
      await page.goto(`${all.auth}/login`);
      await logInOn(page, email, 'not the password of anybody');
      const refused = await page.getByRole('alert').filter({ hasText: /\S/ }).innerText();
      said.push([registered, reset, refused].join('\n').replaceAll(email, 'EMAIL'));
    }
    expect(said[0]).toBe(said[1]);
  });

  it('choose a new password by the link of a mail, once', async () => {
    const email = await newPerson(all);
    const { page } = await visitor();
    await page.goto(`${all.auth}/login`);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send link' }).click();
    const link = linkOf(await all.mailbox.next(email));
    await page.goto(link.href);
    await page.getByLabel('New password').fill(NEXT_PASSWORD);
    await page.getByRole('button', { name: 'Save password' }).click();
    await page.getByRole('heading', { name: 'Password changed' }).waitFor();
    await page.getByRole('link', { name: 'Log in' }).click();
    await logInOn(page, email, NEXT_PASSWORD);
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.goto(link.href);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Save password' }).click();
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    await page.getByRole('link', { name: 'Ask for a new link' }).click();
    await page.getByRole('heading', { name: 'Reset your password' }).waitFor();
  });

  it('see where they are logged in, and end what they do not know', async () => {
    const { page, email } = await loggedInBrowser(all);
    const other = await visitor({
      userAgent: 'Mozilla/5.0 (iPhone) AppleWebKit/605 Version/19.0 Safari/604',
    });
    await other.page.goto(`${all.auth}/login`);
    await logInOn(other.page, email);
    await other.page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.reload();
    await page.getByText('This device').waitFor();
    await page.getByRole('button', { name: 'Log out Safari on iPhone' }).click();
    await page.getByText('The device is logged out.').waitFor();
    expect(await page.getByText('Safari on iPhone').count()).toBe(0);
    await other.page.reload();
    await other.page.waitForURL('**/login**');
  });

  it('change the password and the address', async () => {
    const { page, email } = await loggedInBrowser(all);
    const panel = (name: string) => page.getByRole('region', { name, exact: true });
    await panel('Password').getByLabel('New password').fill(NEXT_PASSWORD);
    await panel('Password').getByLabel('Current password').fill('not my password at all');
    await panel('Password').getByRole('button', { name: 'Change password' }).click();
    await panel('Password').getByText('The password is wrong.').waitFor();
    await panel('Password').getByLabel('Current password').fill(PASSWORD);
    await panel('Password').getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password has changed.').waitFor();

    await panel('E-mail address').getByLabel('New e-mail address').fill(`new-${email}`);
    await panel('E-mail address').getByLabel('Enter your password to confirm').fill(NEXT_PASSWORD);
    await panel('E-mail address').getByRole('button', { name: 'Change address' }).click();
    await page.getByText(`We have sent a link to new-${email}`).waitFor();
    await page.goto(linkOf(await all.mailbox.next(`new-${email}`)).href);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByRole('heading', { name: 'Address confirmed' }).waitFor();
    await page.goto(`${all.auth}/account`);
    await page.getByRole('region', { name: 'Profile' }).getByText(`new-${email}`).waitFor();
  });

  it('take their data with them, and delete the account', async () => {
    const { page, email, faults } = await loggedInBrowser(all);
    await page.getByRole('button', { name: 'Download my data' }).click();
    await page.getByLabel('Enter your password to confirm').last().fill(PASSWORD);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    const data = JSON.parse(readFileSync(await download.path(), 'utf8')) as { profile: { email: string } };
    expect(data.profile.email).toBe(email);

    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByLabel('Enter your password to confirm').last().fill(PASSWORD);
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('heading', { name: 'Account deleted' }).waitFor();
    await page.goto(`${all.auth}/login`);
    await logInOn(page, email);
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    expect(faults).toEqual([]);
  });

  it('who are not logged in cause no request for it, and nothing in the console', async () => {
    const { page, requests } = await visitor();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    for (const path of ['login', 'account', 'register', 'reset-password', 'verify-email']) {
      await page.goto(`${all.auth}/${path}`);
      await page.locator('h1').waitFor();
    }
    expect(requests.filter(({ url }) => url.includes('/auth/'))).toEqual([]);
    expect(said).toEqual([]);
  });

  it('are logged in also when a link on another site has led them to the login, without the cookie', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    all.evil.pages.set('/link', `<a href="${all.auth}/login">Account</a>`);
    const other = await openPage(context);
    await other.page.goto(`${all.evil.foreignOrigin}/link`);
    await other.page.getByRole('link').click();
    await other.page.waitForURL('**/account');
    await other.page.getByText(email).first().waitFor();
    await page.context().close();
  });

  it('are told when they could not be logged out', async () => {
    const { page, context, email } = await loggedInBrowser(all);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.getByRole('alert').filter({ hasText: 'The service cannot be reached.' }).waitFor();
    await context.setOffline(false);
    await page.getByText(email).first().waitFor();
    await page.getByRole('button', { name: 'Log out', exact: true }).first().click();
    await page.waitForURL('**/login**');
  });

  it('may paste, and let a password manager fill in every form', async () => {
    const { page } = await loggedInBrowser(all);
    const fieldsOf = async (path: string) => {
      await page.goto(`${all.auth}/${path}`);
      await page.locator('form').first().waitFor();
      return page.evaluate<string[]>(
        `[...document.querySelectorAll('form')].map((form) => [...form.elements].filter(({ name }) => name).map((field) => {
          const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
          return field.name + ' ' + field.autocomplete + (field.dispatchEvent(paste) ? '' : ' refuses');
        }).join())`,
      );
    };
    expect(await fieldsOf('account')).toEqual([
      'username username,new_password new-password,current_password current-password',
      'new_email email,password current-password',
    ]);
    await page.context().clearCookies();
    expect(await fieldsOf('login')).toEqual(['email username,password current-password']);
    expect(await fieldsOf('register')).toEqual(['email username,password new-password']);
    expect(await fieldsOf('reset-password?token=x')).toEqual(['new_password new-password']);
  });

  it('read the pages in their language, and choose another without losing their place', async () => {
    const { page } = await visitor({ locale: 'de-CH' });
    await page.goto(`${all.auth}/reset-password?token=a-token-that-stays`);
    await page.getByRole('heading', { name: 'Neues Passwort wählen' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.goto(`${all.auth}/login`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });
});
