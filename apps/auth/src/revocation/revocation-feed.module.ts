import { Module } from '@nestjs/common';
import { RevocationFeedService } from './revocation-feed.service.js';
import { RevocationFeedController } from './revocation-feed.controller.js';
import { RevocationListenerService } from './revocation-listener.service.js';
import { RevocationModule } from './revocation.module.js';

@Module({
  imports: [RevocationModule],
  controllers: [RevocationFeedController],
  providers: [RevocationFeedService, RevocationListenerService],
})
export class RevocationFeedModule {}
