import { Module } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedController } from './revocation-feed.controller.js';
import { RevocationListener } from './revocation-listener.js';
import { RevocationMetrics } from './revocation.metrics.js';
import { RevocationModule } from './revocation.module.js';

@Module({
  imports: [RevocationModule],
  controllers: [RevocationFeedController],
  providers: [RevocationFeed, RevocationListener, RevocationMetrics],
})
export class RevocationFeedModule {}
