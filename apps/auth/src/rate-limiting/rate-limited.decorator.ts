import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import type { PolicyName } from './policies.js';
import { RATE_LIMIT, type RateLimit, type SessionOf } from './rate-limit-policy.js';
import { RateLimitInterceptor } from './rate-limit.interceptor.js';

/**
 * Limits how often a route may be asked, by the policy of this name.
 *
 * @param sessionOf for a route without an access token whose body names a session
 * @example
 * ```ts
 * @Post('password/forgot')
 * @RateLimited('forgot')
 * ```
 */
export function RateLimited(policy: PolicyName, sessionOf?: SessionOf): MethodDecorator {
  return applyDecorators(
    SetMetadata(RATE_LIMIT, { policy, sessionOf } satisfies RateLimit),
    UseInterceptors(RateLimitInterceptor),
    ApiTooManyRequestsResponse({ description: 'Too many attempts; `Retry-After` says when to come back.' }),
  );
}
