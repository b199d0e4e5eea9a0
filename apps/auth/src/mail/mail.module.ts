import { Module } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { MailQueueRepository } from './mail-queue.repository.js';
import { MailTemplatesService } from './mail-templates.service.js';
import { MailTransport } from './mail-transport.js';

/** The means to send mail. Whoever writes the mails runs {@link MailDeliveryService}. */
@Module({
  providers: [
    MailQueueRepository,
    MailTemplatesService,
    {
      provide: MailTransport,
      inject: [authConfig.KEY],
      useFactory: (config: AuthConfig) => MailTransport.of(config),
    },
  ],
  exports: [MailQueueRepository, MailTemplatesService, MailTransport],
})
export class MailModule {}
