export type { AccessToken, Actor, ClientPrincipal, UserPrincipal } from './access-token.js';
export type { AuthenticatedRequest } from './authenticated-request.js';
export { SYSTEM_CLOCK, type Clock } from './clock.js';
export { JWT_RULES, type JwtEnvironment } from './config/jwt.environment.js';
export { productionGaps } from './config/production-gaps.js';
export { REVOCATION_RULES, type RevocationEnvironment } from './config/revocation.environment.js';
export { wholeNumber, type Rule, type Rules } from './config/rule.js';
export { JwtSettingsError } from './config/settings.error.js';
export { httpCredential } from './contexts/http.context.js';
export { keepHandshake } from './contexts/ws.context.js';
export { AllowClients } from './decorators/allow-clients.decorator.js';
export { CurrentUser, UserId } from './decorators/current-user.decorator.js';
export { Fresh } from './decorators/fresh.decorator.js';
export { Principal } from './decorators/principal.decorator.js';
export { IS_PUBLIC, Public } from './decorators/public.decorator.js';
export { RecentLogin } from './decorators/recent-login.decorator.js';
export { Roles } from './decorators/roles.decorator.js';
export { Scopes } from './decorators/scopes.decorator.js';
export { AuthenticationProblem, type AuthenticationProblemCode } from './errors/authentication.problem.js';
export { invalidToken, unauthorized } from './errors/problems.js';
export { JwtAuthGuard } from './jwt-auth.guard.js';
export { JwtSharedModule } from './jwt-shared.module.js';
export type { JwtSharedAsyncOptions, JwtSharedExtras, JwtSharedOptions } from './jwt-shared.options.js';
export type { FeedSettings, JwtSharedSettings } from './jwt-shared.settings.js';
export { cacheLimits, keySource, verifierOptions } from './jwt.config.js';
export { JwtStrategy } from './jwt.strategy.js';
export { fetchJson, type FetchedJson, type JsonRequest } from './keys/json.fetch.js';
export { JwksSource, type JwksSourceOptions } from './keys/jwks.source.js';
export type { KeySource, TrustedKey } from './keys/key-source.js';
export { KeysUnavailable } from './keys/keys-unavailable.error.js';
export { SharedSecretSource } from './keys/shared-secret.source.js';
export { trustedKey } from './keys/trusted-key.js';
export { GuardStatistics, type GuardOutcome } from './metrics/guard-statistics.js';
export { OPERATIONS, type MetricsSink, type Operations } from './metrics/operations.js';
export { TokenMetrics } from './metrics/token-metrics.js';
export {
  parseRevocations,
  REVOCATION_KINDS,
  type Revocation,
  type RevocationKind,
} from './revocation/revocation.js';
export { RevocationFeedClient, type RevocationFeedOptions } from './revocation/revocation-feed.client.js';
export { RevocationList } from './revocation/revocation-list.js';
export { NO_REVOCATIONS, type RevocationSource } from './revocation/revocation-source.js';
export { TokenStanding, type EarlyEnd } from './token-standing.js';
export { TokenWatchService, type EndOfToken, type WatchOptions } from './streams/token-watch.service.js';
export { AccessTokenVerifier } from './access-token.verifier.js';
export {
  JWT_ALGORITHMS,
  type AsymmetricAlgorithm,
  type JwtAlgorithm,
  type TokenAlgorithm,
} from './jose/algorithm.js';
export {
  TokenRejected,
  type TokenRejectionDetail,
  type TokenRejectionReason,
} from './token/token-rejected.error.js';
export type { ClaimNames, ClaimPath, JwtProfile, VerifierOptions } from './token/verifier-options.js';
export type { TrustedIssuer } from './trusted-issuer.js';
export { VerifiedTokenCache, type CacheLimits } from './verified-token.cache.js';
