import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { AccessToken } from './access-token.js';
import { Admission } from './admission.js';
import { carrierOf, credentialOf, type Carrier } from './contexts/call.js';
import { refuse } from './contexts/refuse.js';
import { invalidToken, problemOf, tokenStale, unauthorized } from './errors/problems.js';
import type { BearerOptions } from './jwt.strategy.js';
import { GuardStatistics } from './metrics/guard-statistics.js';
import { policyOf } from './route-policy.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { TokenRevoked, TokenStale } from './token/token-rejected.error.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

/**
 * Lets a call in that carries a good access token, over HTTP, GraphQL, WebSocket and RPC alike, and refuses every
 * other, unless its handler is `@Public()`. A token seen before is answered from the cache, a new one goes through
 * Passport to the verifier. Nothing leaves the process. {@link JwtSharedModule} registers it for all routes.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly cache: VerifiedTokenCache,
    private readonly admission: Admission,
    private readonly statistics: GuardStatistics,
  ) {
    super();
  }

  /** Synchronous for a token in the cache, as every promise here is paid for by every request. */
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
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
      return refuse(context, end === 'stale' ? tokenStale() : invalidToken());
    }
    return this.verify(context, carrier, credential);
  }

  /** Passport hangs its session helpers on the request that it is given; ours go without. */
  override getRequest(): object {
    return {};
  }

  getResponse(): object {
    return {};
  }

  override getAuthenticateOptions(context: ExecutionContext): BearerOptions {
    const carrier = carrierOf(context);
    return { session: false, credential: carrier && credentialOf(context, carrier), verifier: this.verifier };
  }

  override handleRequest<T>(error: unknown, user: T, rejection: unknown, context: ExecutionContext): T {
    if (!user) throw error ?? rejection;
    Object.assign(carrierOf(context) ?? {}, { user });
    return user;
  }

  private async verify(context: ExecutionContext, carrier: Carrier, credential: string): Promise<boolean> {
    this.statistics.misses++;
    try {
      await super.canActivate(context);
    } catch (error) {
      if (error instanceof TokenRevoked || error instanceof TokenStale)
        this.cache.add(credential, error.accessToken);
      this.statistics.countRefusal(error);
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      return refuse(context, problem);
    }
    const { user } = carrier;
    if (user === undefined) return refuse(context, unauthorized());
    this.cache.add(credential, user);
    return this.admit(context, carrier, user);
  }

  private admit(context: ExecutionContext, carrier: Carrier, token: AccessToken): boolean | Promise<boolean> {
    const { outcomes } = this.statistics;
    const refusal = this.admission.refusalOf(policyOf(context), token);
    if (refusal !== undefined) {
      outcomes[refusal.outcome]++;
      return refuse(context, refusal.problem);
    }
    outcomes.accepted++;
    carrier.user = token;
    return true;
  }
}
