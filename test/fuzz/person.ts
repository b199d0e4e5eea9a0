import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../../scripts/services.ts';
import type { Credential } from './requests.ts';

const PASSWORD = 'a long and quiet evening';

interface Ids {
  readonly auth: string;
  readonly business: string;
}

/** Somebody who is logged in, has a session and a task. */
export class Person {
  private readonly urls: Readonly<Record<App, string>>;
  private readonly own: Readonly<Record<string, string>>;
  private readonly token: string;
  private readonly ids: Ids;

  private constructor(
    urls: Readonly<Record<App, string>>,
    own: Readonly<Record<string, string>>,
    token: string,
    ids: Ids,
  ) {
    this.urls = urls;
    this.own = own;
    this.token = token;
    this.ids = ids;
  }

  static async register(urls: Readonly<Record<App, string>>): Promise<Person> {
    const email = `${randomUUID()}@example.com`;
    const credentials = { email, password: PASSWORD };
    await post(`${urls.auth}/auth/register`, credentials);
    const tokens = await post(`${urls.auth}/auth/login`, credentials);
    const token = String(tokens['access_token']);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sid: string;
    };
    const task = await post(`${urls.business}/tasks`, { title: 'Seal the letter' }, token);
    const own = { email, password: PASSWORD, refresh_token: String(tokens['refresh_token']) };
    return new Person(urls, own, token, { auth: claims.sid, business: String(task['id']) });
  }

  /** Whether the session still counts, which requests end as often as not. */
  async isLoggedIn(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.token}` };
    return (await fetch(`${this.urls.auth}/auth/me`, { headers })).status !== 401;
  }

  /** Puts what this person has where `text` names it. */
  fill(app: App, text: string): string {
    return text
      .replaceAll('$id', this.ids[app])
      .replaceAll(/\$(email|password|refresh_token)/g, (all, name: string) => this.own[name] ?? all);
  }

  authorization(credential: Credential): string | undefined {
    const [head = '', claims = '', signature = ''] = this.token.split('.');
    const wrongly = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    switch (credential) {
      case 'none':
        return undefined;
      case 'good':
        return `Bearer ${this.token}`;
      case 'rubbish':
        return 'Bearer {{7*7}}.\u00ff';
      case 'tampered':
        return `Bearer ${head}.${claims}.${wrongly}`;
      case 'unsigned':
        return `Bearer ${none}.${claims}.`;
      case 'basic':
        return 'Basic YTpi';
      case 'empty':
        return '';
      case 'twice':
        return `Bearer ${this.token}, Bearer ${this.token}`;
    }
  }
}

/** Tries again while the service has too much to do. */
async function post(url: string, body: object, token?: string): Promise<Record<string, unknown>> {
  for (let attempts = 0; attempts < 20; attempts++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (response.ok) return (await response.json()) as Record<string, unknown>;
    if (response.status !== 503)
      throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    await delay(500);
  }
  throw new Error(`${url} has had too much to do for too long`);
}
