import type { AccessToken } from './access-token.js';
import { secondsOf, SYSTEM_CLOCK, type Clock } from './clock.js';
import type { AuthenticationProblem } from './errors/authentication.problem.js';
import {
  insufficientScope,
  reauthenticationRequired,
  revocationsStale,
  userRequired,
} from './errors/problems.js';
import type { GuardOutcome } from './metrics/guard-statistics.js';
import type { RevocationFreshness } from './revocation/revocation-freshness.js';
import type { RoutePolicy } from './route-policy.js';
import { isClientsOwn } from './token/principal.js';

/** Why a good token is not enough for a route. */
export interface Refusal {
  readonly outcome: GuardOutcome;
  readonly problem: AuthenticationProblem;
}

/** Decides whether the bearer of a good token may do what a route guards. Asked on every request. */
export class RouteAccessService {
  constructor(
    private readonly freshness: RevocationFreshness,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  /** @returns nothing for a call that may go on */
  refusalOf(policy: RoutePolicy, token: AccessToken): Refusal | undefined {
    if (!this.freshness.suffices(policy))
      return { outcome: 'revocations_stale', problem: revocationsStale() };
    if (isClientsOwn(token) && !allowsClient(policy, token.userId))
      return { outcome: 'user_required', problem: userRequired() };
    if (!hasRights(policy, token))
      return { outcome: 'insufficient_scope', problem: insufficientScope(policy.scopes) };
    const { recentLogin } = policy;
    if (recentLogin !== undefined && !this.isRecent(token.authTime, recentLogin))
      return { outcome: 'reauthentication_required', problem: reauthenticationRequired(recentLogin) };
    return undefined;
  }

  private isRecent(authTime: number | undefined, seconds: number): boolean {
    return authTime !== undefined && secondsOf(this.clock) - authTime <= seconds;
  }
}

function allowsClient({ clients }: RoutePolicy, id: string): boolean {
  return clients !== undefined && (clients.length === 0 || clients.includes(id));
}

function hasRights({ scopes, roles }: RoutePolicy, token: AccessToken): boolean {
  return (
    scopes.every((scope) => token.scopes.includes(scope)) &&
    roles.every((choice) => choice.some((role) => token.roles.includes(role)))
  );
}
