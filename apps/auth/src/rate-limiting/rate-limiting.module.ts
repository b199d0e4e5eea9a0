import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { DeviceCookieService } from './device-cookie.service.js';
import { RateLimiterService } from './rate-limiter.service.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import { SubjectsService } from './subjects.service.js';

/** Global, so that any controller may say `@RateLimited()`. */
@Global()
@Module({
  imports: [JwtModule.register({})],
  providers: [DeviceCookieService, RateLimiterService, RateLimitsRepository, SubjectsService],
  exports: [DeviceCookieService, RateLimiterService, RateLimitsRepository, SubjectsService],
})
export class RateLimitingModule {}
