import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { request } from '../support/http.js';
import { listen } from '../support/listen.js';
import { Mailbox } from '../support/mailbox.js';
import { stopAll, type Environment, type RunningService } from '../support/service.js';
import { AuthReplicas, eventually, newPerson } from '../support/sessions.js';

describe('mail', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  const folders: string[] = [];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  beforeEach(async () => {
    mailbox = await Mailbox.open();
  });
  afterEach(async () => {
    await stopAll();
    await mailbox.close();
    await replicas.query('delete from mails');
  });
  afterAll(async () => {
    await replicas.end();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  const start = (environment: Environment = {}): Promise<RunningService> =>
    replicas.start({ ...mailbox.environment, ...environment });
  const forgot = (auth: RunningService, email: string) =>
    request('POST', `${auth.url}/auth/password/forgot`, { body: { email } });
  const waiting = () => replicas.query<{ attempts: number }>('select attempts from mails');
  const isQueueEmpty = async (): Promise<boolean> => (await waiting()).length === 0;
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-mail-'));
    folders.push(folder);
    return folder;
  };

  it('arrives, from MAIL_FROM, as text and HTML, and asks machines not to answer', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    await forgot(auth, email);
    const mail = await mailbox.next(email);
    expect(mail.from).toContain('no-reply@example.com');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.text).toContain('Someone, probably you, asked to reset the password');
    expect(mail.html).toContain('<p>Someone, probably you, asked to reset the password');
    await eventually(isQueueEmpty);
  });

  it('of a kind that only a newer version knows is left for that version', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    await replicas.query(`insert into mails (kind, address) values ('passkey_added', $1)`, [email]);
    await forgot(auth, email);
    await mailbox.next(email);
    await eventually(async () => (await waiting()).length === 1);
    expect(await replicas.query('select kind, attempts from mails')).toEqual([
      { kind: 'passkey_added', attempts: 0 },
    ]);
  });

  it('is given up when the server refuses it for good; the log names neither address nor token', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    mailbox.refusals.set(email, 550);
    await forgot(auth, email);
    await auth.prints('given up');
    await eventually(isQueueEmpty);
    expect(auth.output()).toContain(
      'A mail (password_reset, attempt 1) could not be sent: EENVELOPE 550; given up',
    );
    expect(auth.output()).not.toContain(email);
    expect(await (await fetch(`${auth.url}/metrics`)).text()).toContain('mails_total{outcome="given_up"} 1');
  });

  it('is tried again, later and later, when the server refuses it for now', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    mailbox.refusals.set(email, 450);
    await forgot(auth, email);
    await auth.prints('attempt 3');
    mailbox.refusals.clear();
    await mailbox.next(email);
    await eventually(isQueueEmpty);
    expect(mailbox.to(email)).toHaveLength(1);
  });

  it('is tried again when the server says nothing', async () => {
    const silent = createServer(() => undefined);
    const { host } = new URL(await listen(silent));
    const auth = await start({ SMTP_URL: `smtp://${host}`, SMTP_TIMEOUT: '1' });
    await forgot(auth, await newPerson(auth));
    await auth.prints('A mail (password_reset, attempt 1) could not be sent: ETIMEDOUT');
    expect(await waiting()).toHaveLength(1);
    await auth.stop();
    silent.close();
  });

  it('waits for a server that is away for a while, and survives the death of auth meanwhile', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    await mailbox.close();
    await forgot(auth, email);
    await auth.prints('could not be sent: ESOCKET');
    await auth.kill();
    await mailbox.reopen();
    expect(await waiting()).toHaveLength(1);
    // As if nobody had to wait for the lease of the one that died.
    await replicas.query('update mails set next_attempt_at = now()');
    const next = await start();
    const token = await mailbox.nextToken(email);
    const { status } = await request('POST', `${next.url}/auth/password/reset`, {
      body: { token, new_password: 'another long and quiet evening' },
    });
    expect(status).toBe(204);
  });

  it('is given up after a day', async () => {
    const auth = await start();
    const email = await newPerson(auth);
    mailbox.refusals.set(email, 450);
    await forgot(auth, email);
    await auth.prints('attempt 1');
    await replicas.query(`update mails set created_at = now() - interval '25 hours'`);
    await auth.prints('given up');
    await eventually(isQueueEmpty);
  });

  it('is sent once by several replicas', async () => {
    const [auth, ...others] = await Promise.all([start(), start(), start()]);
    const auths = [auth, ...others];
    const emails = await Promise.all(Array.from({ length: 30 }, () => newPerson(auth)));
    await Promise.all(emails.map((email, i) => forgot(auths[i % 3]!, email)));
    for (const email of emails) await mailbox.next(email);
    await eventually(isQueueEmpty);
    expect(mailbox.mails).toHaveLength(30);
  });

  describe('in development', () => {
    it('goes into a folder that others cannot read; the log says where, and no token', async () => {
      const folder = newFolder();
      const auth = await replicas.start({ DATA_DIR: folder });
      const email = await newPerson(auth);
      await forgot(auth, email);
      await auth.prints('.eml');
      const [name = ''] = readdirSync(join(folder, 'mail'));
      const file = join(folder, 'mail', name);
      expect(auth.output()).toContain(`Mail \\"Choose a new password (Signet)\\" is in ${file}`);
      expect(statSync(file).mode & 0o077).toBe(0);
      const eml = readFileSync(file, 'utf8');
      const [, token = ''] = /token=([\w-]{43})$/m.exec((await simpleParser(eml)).text ?? '') ?? [];
      expect(eml).toContain(`http://localhost:3000/reset-password?token=${token}`);
      expect(auth.output()).not.toContain(token);
    });
  });

  describe('in production', () => {
    const production = { NODE_ENV: 'production', JWT_ISSUER: 'https://auth.example.com' };

    it('is not sent without SMTP_URL, and nobody can tell by the answer', async () => {
      const auth = await replicas.start(production);
      const { status, body } = await forgot(auth, await newPerson(auth));
      expect([status, body]).toEqual([202, { status: 'accepted' }]);
      expect(await waiting()).toEqual([]);
      await auth.prints('SMTP_URL is not set');
    });

    it('verifies addresses unless told otherwise', async () => {
      const auth = await start(production);
      await newPerson(auth);
      await eventually(() => mailbox.mails.length > 0);
      expect(mailbox.mails[0]?.subject).toContain('Confirm your e-mail address');
    });
  });

  it('has the words of a team that brings its own', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'reset-password.txt'), 'Subject: Hello from {{service}}\n\nHere: {{link}}\n');
    const auth = await start({ MAIL_TEMPLATES_DIR: folder, SERVICE_NAME: 'Grand & Hotel' });
    const email = await newPerson(auth);
    await forgot(auth, email);
    const mail = await mailbox.next(email);
    expect(mail.subject).toBe('Hello from Grand & Hotel');
    expect(mail.text).toMatch(
      /^Here: https:\/\/signet\.example\.com\/app\/reset-password\?token=[\w-]{43}\n$/,
    );
    expect(mail.html).toContain('<p>Here: https://signet.example.com/app/reset-password?token=');
  });
});
