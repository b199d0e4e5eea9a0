import type { BrowserContext, Page } from 'playwright-core';
import { openPage, type WatchedPage } from './browser.js';
import type { BrowserDeployment } from './browser-deployment.js';
import { PASSWORD } from './deployment.js';
import { request } from './http.js';

let people = 0;

/** Registers a person over HTTP and proves the address. @returns the address */
export async function newPerson(
  { auth, mailbox }: BrowserDeployment,
  email = `person-${++people}@example.com`,
): Promise<string> {
  await request('POST', `${auth}/auth/register`, { body: { email, password: PASSWORD } });
  const token = await mailbox.nextToken(email);
  const { status } = await request('POST', `${auth}/auth/email/verify`, {
    body: { token, password: PASSWORD },
  });
  if (status !== 204) throw new Error(`the address was not confirmed: ${status}`);
  return email;
}

/** Fills in the form of the login page, wherever the browser is led to. */
export async function logInOn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** A browser of its own whose visitor has just logged in and is on the account page. */
export async function loggedInBrowser(
  deployment: BrowserDeployment,
  browser = deployment.browser,
): Promise<WatchedPage & { readonly context: BrowserContext; readonly email: string }> {
  const email = await newPerson(deployment);
  const context = await browser.newContext({ locale: 'en-GB' });
  const watched = await openPage(context);
  await watched.page.goto(`${deployment.auth}/login`);
  await logInOn(watched.page, email);
  await watched.page.getByRole('heading', { name: 'Your account' }).waitFor();
  return { ...watched, context, email };
}
