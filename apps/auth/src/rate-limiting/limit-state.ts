import { ProblemException } from '@signet/service-kit';
import type { LimitRule } from './policies.js';

/** What is left of a limit. */
export interface LimitState {
  readonly rule: LimitRule;
  readonly remaining: number;
  /** Milliseconds until the limit is whole again. */
  readonly resetMs: number;
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4), of the scarcest limit. */
export function limitHeaders({ rule, remaining, resetMs }: LimitState): Record<string, string> {
  return {
    'ratelimit-policy': `"${rule.name}";q=${rule.points};w=${rule.seconds}`,
    ratelimit: `"${rule.name}";r=${remaining};t=${seconds(resetMs)}`,
  };
}

/** The 429 of a limit that is used up; the same whether or not there is an account (RFC 6585 §4). */
export function tooManyRequests(state: LimitState): ProblemException {
  return new ProblemException(429, 'TOO_MANY_REQUESTS', 'Too many attempts. Try again later.', {
    headers: { 'retry-after': String(Math.max(1, seconds(state.resetMs))), ...limitHeaders(state) },
  });
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
