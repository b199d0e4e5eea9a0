import { revocationFeed, RevocationFeedClient } from '@signet/jwt-shared';
import { Module } from '@nestjs/common';
import { businessConfig } from '../config/business.config.js';
import { RevocationFeedMetrics } from './revocation-feed.metrics.js';

/** What auth has revoked, followed from the start of the service on. */
@Module({
  providers: [
    { provide: RevocationFeedClient, inject: [businessConfig.KEY], useFactory: revocationFeed },
    RevocationFeedMetrics,
  ],
  exports: [RevocationFeedClient],
})
export class RevocationFeedModule {}
