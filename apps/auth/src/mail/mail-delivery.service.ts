import { BackgroundLoopsService, MetricsRegistry } from '@signet/service-kit';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { failureOf } from './mail-failure.js';
import { MailQueueRepository, type QueuedMail } from './mail-queue.repository.js';
import { MailTransport } from './mail-transport.js';
import { MessageWriter, type Message } from './message.js';

const AT_ONCE = 5;
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 900;
/** After that whoever has asked has asked again, or gone. */
const GIVE_UP_AFTER_MS = 24 * 3600 * 1000;

/**
 * Writes and sends what is queued. It looks at times of its own, and is never woken by a request: otherwise a
 * request that leads to a mail would slow down the one behind it, and so tell that it does.
 */
@Injectable()
export class MailDeliveryService implements OnModuleInit {
  private readonly logger = new Logger('Mail');
  /** `postponed`: to be tried again; `nobody`: there was nobody to write to. */
  private readonly outcomes = { sent: 0, postponed: 0, given_up: 0, nobody: 0 };

  constructor(
    private readonly queue: MailQueueRepository,
    private readonly writer: MessageWriter,
    private readonly transport: MailTransport,
    private readonly loops: BackgroundLoopsService,
    metrics: MetricsRegistry,
  ) {
    const help = 'Attempts to send a mail, by what came of it.';
    metrics.counters('mails_total', help, 'outcome', () => this.outcomes);
  }

  onModuleInit(): void {
    if (!this.queue.isOpen)
      return this.logger.warn(
        'SMTP_URL is not set: no mail is sent, so nobody can reset a forgotten password',
      );
    this.loops.start({
      name: 'mail',
      pauseMs: PAUSE_MS,
      longestPauseMs: LONGEST_PAUSE_MS,
      round: async () => (await this.deliver()) === AT_ONCE,
    });
  }

  /** @returns how many mails there were */
  private async deliver(): Promise<number> {
    const claimed = await this.queue.claim(AT_ONCE);
    const sent: Promise<void>[] = [];
    // Written one after the other, so that the last one asked for has the token that counts.
    for (const mail of claimed) {
      const message = await this.write(mail);
      if (message) sent.push(this.send(mail, message));
    }
    await Promise.all(sent);
    return claimed.length;
  }

  private async write(mail: QueuedMail): Promise<Message | undefined> {
    try {
      const message = await this.writer.write(mail);
      if (!message) await this.finish(mail, 'nobody');
      return message;
    } catch (error) {
      await this.fail(mail, error);
    }
  }

  private async send(mail: QueuedMail, message: Message): Promise<void> {
    try {
      await this.transport.send(message);
    } catch (error) {
      return this.fail(mail, error);
    }
    await this.finish(mail, 'sent');
  }

  private async fail(mail: QueuedMail, error: unknown): Promise<void> {
    const { isFinal, reason } = failureOf(error);
    const attempt = `A mail (${mail.kind}, attempt ${mail.attempts}) could not be sent: ${reason}`;
    if (isFinal || Date.now() - mail.createdAt.getTime() > GIVE_UP_AFTER_MS) {
      this.logger.warn(`${attempt}; given up`);
      return this.finish(mail, 'given_up');
    }
    const pause = Math.min(FIRST_RETRY_SECONDS * 2 ** (mail.attempts - 1), LONGEST_RETRY_SECONDS);
    this.logger.warn(attempt);
    this.outcomes.postponed++;
    await this.queue.postpone(mail.id, pause * (0.5 + Math.random()));
  }

  private async finish({ id }: QueuedMail, outcome: 'sent' | 'given_up' | 'nobody'): Promise<void> {
    this.outcomes[outcome]++;
    await this.queue.remove(id);
  }
}
