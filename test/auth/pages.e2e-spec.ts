import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failToStart, type RunningService } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

const PAGES = ['/login', '/register', '/verify-email', '/reset-password', '/account'];
const APP = 'https://app.example.com';

describe('pages', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  const theme = mkdtempSync(join(tmpdir(), 'signet-theme-'));
  const get = (path: string, headers: Record<string, string> = {}, url = auth.url) =>
    fetch(url + path, { headers, redirect: 'manual' });

  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    writeFileSync(join(theme, 'theme.css'), ':root { --accent: teal }');
    writeFileSync(join(theme, 'logo.png'), 'PNG');
    auth = await replicas.start({
      CORS_ORIGINS: APP,
      SERVICE_NAME: '</title><script>alert(1)</script>',
      PAGES_THEME_DIR: theme,
    });
  });
  afterAll(async () => {
    await replicas.end();
    rmSync(theme, { recursive: true });
  });

  it.each(PAGES)('%s is one document without inline code, under a strict policy', async (path) => {
    const answer = await get(path);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(html).not.toMatch(
      /<script(?![^>]*(src=|application\/json))|<style|\son\w+=|\sstyle=|javascript:/i,
    );
  });

  it('everything that a document loads is there, compressed, and for ever', async () => {
    const html = await (await get('/login')).text();
    const paths = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path!);
    expect(paths).toEqual(expect.arrayContaining(['logo.png', 'theme.css']));
    for (const path of paths) {
      const answer = await get(`/${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      if (!path.startsWith('assets/')) continue;
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
  });

  it('what is told from outside is text, not markup', async () => {
    const html = await (await get('/login?return_to=%3C/script%3E%3Cscript%3Ealert(1)')).text();
    expect(html).not.toMatch(/<script>|<\/title><script/);
    expect(html).toContain('&lt;/title&gt;&lt;script&gt;');
  });

  it.each([
    [`${APP}/tasks`, `"returnTo":"${APP}/tasks"`],
    ['account', '"returnTo":"/account"'],
    ['https://evil.example/', undefined],
    ['//evil.example/', undefined],
    ['javascript:alert(1)', undefined],
  ])('a login may return to %s: %s', async (target, expected) => {
    const html = await (await get(`/login?return_to=${encodeURIComponent(target)}`)).text();
    if (expected === undefined) expect(html).not.toContain('returnTo');
    else expect(html).toContain(expected);
  });

  it('/ leads to the login, and to the account with a session', async () => {
    const [without, withSession] = [await get('/'), await get('/', { cookie: 'signet-session=x' })];
    expect([without.status, without.headers.get('location')]).toEqual([302, 'login']);
    expect([withSession.status, withSession.headers.get('location')]).toEqual([302, 'account']);
  });

  it('the language is what the browser asks for, or what was chosen', async () => {
    const languageOf = async (headers: Record<string, string>) =>
      /<html lang="(\w+)">/.exec(await (await get('/login', headers)).text())?.[1];
    expect(await languageOf({ 'accept-language': 'de-CH, en;q=0.5' })).toBe('de');
    expect(await languageOf({ 'accept-language': 'de', cookie: 'signet-language=en' })).toBe('en');
  });

  it('no other method and no other file is let past the guard', async () => {
    const statuses = await Promise.all([
      fetch(`${auth.url}/login`, { method: 'POST' }),
      get('/login/'),
      get('/manifest.json'),
      get('/assets/../manifest.json'),
      get('/assets/%2e%2e/manifest.json'),
      get('/pages/manifest.json'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
  });

  it('PAGES=off closes them as any unknown path', async () => {
    const off = await replicas.start({ PAGES: 'off' });
    for (const path of ['/', '/logo.svg', ...PAGES]) {
      expect([path, (await get(path, {}, off.url)).status]).toEqual([path, 401]);
    }
  });

  it.each([
    [{ PAGES: 'maybe' }, 'PAGES must be one of on, off'],
    [{ PAGES_THEME_DIR: '/nowhere' }, 'PAGES_THEME_DIR must be a folder that can be read'],
  ])('a setting that is wrong stops the start: %j', async (environment, message) => {
    const { code, stderr } = await failToStart('auth', {
      DATABASE_URL: replicas.database.url,
      ...environment,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
