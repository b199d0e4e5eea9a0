import { Module } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { MailMetrics } from './mail.metrics.js';
import { MailQueue } from './mail-queue.js';
import { MailTemplates } from './mail-templates.js';
import { MailTransport } from './mail-transport.js';

/** The means to send mail. Whoever writes the mails runs `MailWorker`. */
@Module({
  providers: [
    MailMetrics,
    MailQueue,
    MailTemplates,
    {
      provide: MailTransport,
      inject: [authConfig.KEY],
      useFactory: (config: AuthConfig) => MailTransport.of(config),
    },
  ],
  exports: [MailMetrics, MailQueue, MailTemplates, MailTransport],
})
export class MailModule {}
