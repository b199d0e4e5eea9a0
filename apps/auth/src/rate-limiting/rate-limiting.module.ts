import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { DeviceCookies } from './device-cookie.js';
import { RateLimitMetrics } from './rate-limit.metrics.js';
import { RateLimiter } from './rate-limiter.service.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import { Subjects } from './subject.js';

/** Global, so that any controller may say `@RateLimited()`. */
@Global()
@Module({
  imports: [JwtModule.register({})],
  providers: [DeviceCookies, RateLimiter, RateLimitMetrics, RateLimitsRepository, Subjects],
  exports: [DeviceCookies, RateLimiter, RateLimitsRepository, Subjects],
})
export class RateLimitingModule {}
