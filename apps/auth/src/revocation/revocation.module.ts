import { Module } from '@nestjs/common';
import { LiveRevocationsService } from './live-revocations.service.js';
import { RevocationWakeUpService } from './revocation-wake-up.service.js';
import { RevocationsRepository } from './revocations.repository.js';
import { RevocationsService } from './revocations.service.js';

/** What features revoke by. {@link RevocationFeedModule} hears of what others revoke, and tells services. */
@Module({
  providers: [LiveRevocationsService, RevocationWakeUpService, RevocationsRepository, RevocationsService],
  exports: [LiveRevocationsService, RevocationsRepository, RevocationsService],
})
export class RevocationModule {}
