import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AccessToken } from './access-token.js';
import { RouteAccessService } from './route-access.service.js';
import { carrierOf, credentialOf, type Carrier } from './contexts/call.js';
import { refuse } from './contexts/refuse.js';
import { invalidToken, problemOf, tokenStale, unauthorized } from './errors/problems.js';
import { GuardStatistics } from './metrics/guard-statistics.js';
import { RefusalLogService } from './metrics/refusal-log.service.js';
import { PassportBearerService } from './passport-bearer.service.js';
import { policyOf } from './route-policy.js';
import { OpenStreamsService } from './streams/open-streams.service.js';
import { TokenRevoked, TokenStale } from './token/token-rejected.error.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

/**
 * Lets a call in that carries a good access token, over HTTP, GraphQL, WebSocket and RPC alike, and refuses every
 * other, unless its handler is `@Public()`. A token seen before is answered from the cache, a new one goes through
 * Passport to the verifier. Nothing leaves the process. {@link JwtSharedModule} registers it for all routes.
 */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  constructor(
    private readonly passport: PassportBearerService,
    private readonly cache: VerifiedTokenCache,
    private readonly access: RouteAccessService,
    private readonly streams: OpenStreamsService,
    private readonly statistics: GuardStatistics,
    private readonly refusals: RefusalLogService,
  ) {}

  /** Synchronous for a token in the cache, as every promise here is paid for by every request. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (policyOf(context).isPublic) return true;
    const carrier = carrierOf(context);
    const credential = carrier && credentialOf(context, carrier);
    if (carrier === undefined || credential === undefined) {
      this.statistics.outcomes.missing++;
      return refuse(context, unauthorized());
    }
    const known = this.cache.find(credential);
    if (known) {
      this.statistics.hits++;
      return this.admit(context, carrier, known);
    }
    // A token that has ended is not verified each time that it is shown.
    const end = this.cache.endOf(credential);
    if (end !== undefined) {
      this.statistics.hits++;
      this.statistics.outcomes[end]++;
      this.refusals.tell(end);
      return refuse(context, end === 'stale' ? tokenStale() : invalidToken());
    }
    this.statistics.misses++;
    return this.passport.verify(credential).then(
      (token) => {
        this.cache.add(credential, token);
        return this.admit(context, carrier, token);
      },
      (error: unknown) => this.reject(context, credential, error),
    );
  }

  private admit(context: ExecutionContext, carrier: Carrier, token: AccessToken): boolean | Promise<boolean> {
    const policy = policyOf(context);
    const { outcomes } = this.statistics;
    const refusal = this.access.refusalOf(policy, token);
    if (refusal !== undefined) {
      outcomes[refusal.outcome]++;
      return refuse(context, refusal.problem);
    }
    outcomes.accepted++;
    carrier.user = token;
    if (policy.isStream) this.streams.follow(context, token, policy);
    return true;
  }

  private reject(context: ExecutionContext, credential: string, error: unknown): Promise<never> {
    if (error instanceof TokenRevoked || error instanceof TokenStale)
      this.cache.add(credential, error.accessToken);
    this.statistics.countRefusal(error);
    this.refusals.note(error);
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return refuse(context, problem);
  }
}
