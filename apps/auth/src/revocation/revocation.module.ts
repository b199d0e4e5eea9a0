import { Module } from '@nestjs/common';
import { LiveRevocations } from './live-revocations.js';
import { RevocationWakeUpService } from './revocation-wake-up.service.js';
import { RevocationsRepository } from './revocations.repository.js';
import { RevocationsService } from './revocations.service.js';

/** What features revoke by. {@link RevocationFeedModule} hears of what others revoke, and tells services. */
@Module({
  providers: [LiveRevocations, RevocationWakeUpService, RevocationsRepository, RevocationsService],
  exports: [LiveRevocations, RevocationsRepository, RevocationsService],
})
export class RevocationModule {}
