import { ProblemException } from '@signet/service-kit';
import type { BudgetRule } from './policies.js';

/** What is left of a budget. */
export interface Quota {
  readonly rule: BudgetRule;
  readonly remaining: number;
  /** Milliseconds until the budget is whole again. */
  readonly resetMs: number;
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4), of the scarcest budget. */
export function quotaHeaders({ rule, remaining, resetMs }: Quota): Record<string, string> {
  return {
    'ratelimit-policy': `"${rule.name}";q=${rule.points};w=${rule.seconds}`,
    ratelimit: `"${rule.name}";r=${remaining};t=${seconds(resetMs)}`,
  };
}

/** The 429 of a budget that is used up; the same whether or not there is an account (RFC 6585 §4). */
export function tooManyRequests(quota: Quota): ProblemException {
  return new ProblemException(429, 'TOO_MANY_REQUESTS', 'Too many attempts. Try again later.', {
    headers: { 'retry-after': String(Math.max(1, seconds(quota.resetMs))), ...quotaHeaders(quota) },
  });
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
