import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiProblems, type ProblemException } from '@signet/service-kit';
import { policyOf, type PolicyName } from './policies.js';
import { tooManyRequests } from './limit-state.js';
import { RATE_LIMIT, RateLimitInterceptor, type RateLimit } from './rate-limit.interceptor.js';
import type { SessionOf } from './subjects.service.js';

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
    ApiProblems(refusalOf(policy)),
  );
}

/** How a policy refuses, for the document of a route that asks the limiter itself. */
export function refusalOf(policy: PolicyName): () => ProblemException {
  return () => tooManyRequests({ rule: policyOf(policy).limits[0]!, remaining: 0, resetMs: 30_000 });
}
