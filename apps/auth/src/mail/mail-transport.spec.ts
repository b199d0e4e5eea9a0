import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { MailTransport } from './mail-transport.js';

const MAIL = {
  name: 'reset-password',
  to: 'ada@example.com',
  subject: 'Choose a new password',
  text: 'text',
  html: '<p>text</p>',
} as const;

/** A server that offers no STARTTLS, or whose offer was struck out on the way. */
describe('mail to a server that offers no STARTTLS', () => {
  let server: SMTPServer;
  let port: number;
  let received: number;
  beforeAll(async () => {
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, _session, done) => {
        received++;
        stream.resume().on('end', done);
      },
    });
    server.on('error', () => undefined);
    const listening = server.listen(0);
    await once(listening, 'listening');
    port = (listening.address() as AddressInfo).port;
  });
  afterAll(() => new Promise<void>((closed) => server.close(closed)));

  const send = (host: string, SMTP_STARTTLS: 'required' | 'offered', search = '') => {
    received = 0;
    const settings = { SMTP_TIMEOUT: 5, MAIL_FROM: 'Signet <no-reply@example.com>', DATA_DIR: '/nowhere' };
    const SMTP_URL = `smtp://${host}:${port}${search}`;
    return MailTransport.of({ ...settings, SMTP_URL, SMTP_STARTTLS }).send(MAIL);
  };

  // 0.0.0.0 is this machine, and none of the names by which it is known to be.
  it('is not sent where it is required', async () => {
    await expect(send('0.0.0.0', 'required')).rejects.toThrow(/STARTTLS/);
    await expect(send('0.0.0.0', 'offered', '?requireTLS=true')).rejects.toThrow(/STARTTLS/);
    expect(received).toBe(0);
  });

  it('is sent where it is not, and on this machine', async () => {
    await send('0.0.0.0', 'offered');
    expect(received).toBe(1);
    await send('127.0.0.1', 'required');
    expect(received).toBe(1);
  });
});
