import { simpleParser, type ParsedMail } from 'mailparser';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { AuthReplicas } from './sessions.js';

export interface ReceivedMail {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: ParsedMail['headers'];
}

/** A real SMTP server and everything that has come to it. */
export class Mailbox {
  readonly mails: ReceivedMail[] = [];
  /** Recipients that are refused, and how: 550 for good, 450 for now. */
  readonly refusals = new Map<string, number>();
  private server: SMTPServer | undefined;
  private port = 0;
  private readonly read = new Set<ReceivedMail>();

  static async open(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await mailbox.reopen();
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** What auth needs to send to it. */
  get environment() {
    return {
      SMTP_URL: this.url,
      SMTP_TIMEOUT: '2',
      MAIL_FROM: 'Signet <no-reply@example.com>',
      PUBLIC_URL: 'https://signet.example.com/app',
    };
  }

  /** Comes back, on the same port. */
  async reopen(): Promise<void> {
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) => {
        const code = this.refusals.get(address);
        done(
          code === undefined ? null : Object.assign(new Error(`no ${address} here`), { responseCode: code }),
        );
      },
      onData: callbackify((stream: Readable, session: SMTPServerSession) => this.receive(stream, session)),
    });
    this.server.on('error', () => undefined);
    const listening = this.server.listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((closed) => server.close(closed));
  }

  /** The oldest mail to an address that nobody has asked for yet; waits for it. */
  async next(address: string): Promise<ReceivedMail> {
    for (;;) {
      const mail = this.mails.find((each) => each.to === address && !this.read.has(each));
      if (mail) {
        this.read.add(mail);
        return mail;
      }
      await delay(20);
    }
  }

  /** The token of {@link next}. */
  async nextToken(address: string): Promise<string> {
    return tokenOf(await this.next(address));
  }

  to(address: string): ReceivedMail[] {
    return this.mails.filter((mail) => mail.to === address);
  }

  private async receive(stream: Readable, { envelope }: SMTPServerSession): Promise<void> {
    const { from, subject = '', text = '', html, headers } = await simpleParser(stream);
    const to = envelope.rcptTo.map(({ address }) => address).join();
    this.mails.push({ to, from: from?.text ?? '', subject, text, html: html || '', headers });
  }
}

/** Auth whose mail goes to a mailbox of the test's own, by its `environment`; the replicas end both. */
export async function replicasWithMailbox(): Promise<[AuthReplicas, Mailbox]> {
  const [replicas, mailbox] = await Promise.all([AuthReplicas.prepare(), Mailbox.open()]);
  replicas.closeLater(mailbox);
  return [replicas, mailbox];
}

/** The one link of a mail. */
export function linkOf({ text }: ReceivedMail): URL {
  const [link, ...others] = text.match(/https?:\S+/g) ?? [];
  if (link === undefined || others.length > 0) throw new Error(`a mail without one link:\n${text}`);
  return new URL(link);
}

export function tokenOf(mail: ReceivedMail): string {
  return linkOf(mail).searchParams.get('token') ?? '';
}
