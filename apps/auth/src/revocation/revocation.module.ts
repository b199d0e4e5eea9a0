import { Module } from '@nestjs/common';
import { LiveRevocations } from './live-revocations.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedController } from './revocation-feed.controller.js';
import { RevocationListener } from './revocation-listener.js';
import { RevocationMetrics } from './revocation.metrics.js';
import { RevocationsRepository } from './revocations.repository.js';
import { RevocationsService } from './revocations.service.js';

@Module({
  controllers: [RevocationFeedController],
  providers: [
    LiveRevocations,
    RevocationFeed,
    RevocationListener,
    RevocationMetrics,
    RevocationsRepository,
    RevocationsService,
  ],
  exports: [LiveRevocations, RevocationsRepository, RevocationsService],
})
export class RevocationModule {}
