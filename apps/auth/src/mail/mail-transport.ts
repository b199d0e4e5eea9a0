import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuthConfig } from '../config/auth.config.js';
import type { Message } from './message.js';

type Settings = Pick<AuthConfig, 'SMTP_URL' | 'SMTP_TIMEOUT' | 'SMTP_STARTTLS' | 'MAIL_FROM' | 'DATA_DIR'>;

/** A server that says a word now and then must not keep a mail for ever. */
const LONGEST_MS = 90_000;

/** Loaded for the first mail: a replica that sends none does not hold it in memory. */
const nodemailer = () => import(/* webpackChunkName: 'nodemailer' */ 'nodemailer');

/** How mail leaves the service. */
export abstract class MailTransport {
  /** @throws {Error} when the mail has not been accepted */
  abstract send(message: Message): Promise<void>;

  static of(settings: Settings): MailTransport {
    return settings.SMTP_URL === undefined
      ? new FolderTransport(settings)
      : new SmtpTransport(settings.SMTP_URL, settings);
  }
}

/** Through an SMTP server, a connection for each mail. */
class SmtpTransport extends MailTransport {
  private readonly options;
  private readonly from;

  constructor(url: string, { SMTP_TIMEOUT, SMTP_STARTTLS, MAIL_FROM }: Settings) {
    super();
    this.from = MAIL_FROM;
    const timeout = SMTP_TIMEOUT * 1000;
    const timeouts = {
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
    };
    const ignoreTLS = isLoopback(url);
    const requireTLS = SMTP_STARTTLS === 'required' && !ignoreTLS;
    this.options = { url, ...timeouts, ignoreTLS, ...(requireTLS && { requireTLS }) };
  }

  override async send(message: Message): Promise<void> {
    const { createTransport } = await nodemailer();
    const transporter = createTransport(this.options, { from: this.from });
    await transporter.sendMail({ ...messageOf(message), signal: AbortSignal.timeout(LONGEST_MS) });
  }
}

/** For development: into a folder, as a file that every mail reader opens. */
class FolderTransport extends MailTransport {
  private readonly logger = new Logger('Mail');
  private readonly folder: string;

  constructor(private readonly settings: Settings) {
    super();
    this.folder = join(settings.DATA_DIR, 'mail');
  }

  override async send(message: Message): Promise<void> {
    const { text, html, ...envelope } = messageOf(message);
    // Not encoded, so that a link can be copied from the file as it is.
    const part = (type: string, content: string) => ({
      raw: `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${content}`,
    });
    const alternatives = [part('text/plain', text), part('text/html', html)];
    const { createTransport } = await nodemailer();
    const composer = createTransport(
      { streamTransport: true, buffer: true },
      { from: this.settings.MAIL_FROM },
    );
    const composed = await composer.sendMail({ ...envelope, alternatives });
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${message.name}-${randomUUID().slice(0, 8)}.eml`;
    const file = join(this.folder, name);
    // Nobody who watches the folder sees half a mail.
    await writeFile(`${file}.part`, composed.message as Buffer, { mode: 0o600 });
    await rename(`${file}.part`, file);
    this.logger.log(`Mail "${message.subject}" is in ${file}`);
  }
}

/** A relay on this very machine has a certificate for its public name, if any, and nobody in between. */
function isLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'smtp:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** `Auto-Submitted` keeps answering machines quiet (RFC 3834 §5). */
function messageOf({ to, subject, text, html }: Message) {
  return {
    to: { name: '', address: to },
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
