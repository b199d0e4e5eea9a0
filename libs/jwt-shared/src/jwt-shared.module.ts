import {
  Inject,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Admission } from './admission.js';
import {
  JWT_SHARED_OPTIONS,
  type JwtSharedAsyncOptions,
  type JwtSharedOptions,
} from './jwt-shared.options.js';
import { describeGuard, GUARD_DESCRIPTION } from './guard-description.js';
import { JwtStrategy } from './jwt.strategy.js';
import { GuardStatistics } from './metrics/guard-statistics.js';
import { TokenMetrics } from './metrics/token-metrics.js';
import { RevocationFreshness } from './revocation/revocation-freshness.js';
import { NO_REVOCATIONS } from './revocation/revocation-source.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

const VERIFIER: FactoryProvider<AccessTokenVerifier> = {
  provide: AccessTokenVerifier,
  inject: [JWT_SHARED_OPTIONS],
  useFactory: ({ verifier, keys, revocations = NO_REVOCATIONS, clock }: JwtSharedOptions) =>
    new AccessTokenVerifier(verifier, keys, revocations, clock),
};

const CACHE: FactoryProvider<VerifiedTokenCache> = {
  provide: VerifiedTokenCache,
  inject: [JWT_SHARED_OPTIONS],
  useFactory: ({ verifier, keys, revocations = NO_REVOCATIONS, clock, cache }: JwtSharedOptions) =>
    new VerifiedTokenCache(verifier.clockTolerance, keys, revocations, clock, cache),
};

const ADMISSION: FactoryProvider<Admission> = {
  provide: Admission,
  inject: [JWT_SHARED_OPTIONS],
  useFactory: ({ revocations = NO_REVOCATIONS, maxRevocationAge, clock }: JwtSharedOptions) =>
    new Admission(new RevocationFreshness(revocations, maxRevocationAge), clock),
};

const METRICS: FactoryProvider<TokenMetrics> = {
  provide: TokenMetrics,
  inject: [GuardStatistics, VerifiedTokenCache, JWT_SHARED_OPTIONS],
  useFactory: (statistics: GuardStatistics, cache: VerifiedTokenCache, { keys }: JwtSharedOptions) =>
    new TokenMetrics(statistics, cache, keys),
};

/**
 * What {@link JwtAuthGuard} needs, for the whole application. The guard itself is registered by the application,
 * so that its list of providers shows that it is guarded.
 */
@Module({})
export class JwtSharedModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(JWT_SHARED_OPTIONS) private readonly options: JwtSharedOptions) {}

  /**
   * @example
   * JwtSharedModule.forRootAsync({
   *   inject: [config.KEY],
   *   useFactory: (env: Config) => ({ verifier: verifierOptions(env), keys: keySource(env) }),
   * })
   */
  static forRootAsync({ imports, inject, useFactory }: JwtSharedAsyncOptions): DynamicModule {
    return {
      module: JwtSharedModule,
      global: true,
      imports: imports ?? [],
      providers: [
        { provide: JWT_SHARED_OPTIONS, inject: inject ?? [], useFactory },
        VERIFIER,
        CACHE,
        ADMISSION,
        GuardStatistics,
        METRICS,
        JwtStrategy,
        { provide: GUARD_DESCRIPTION, useValue: describeGuard },
      ],
      exports: [
        AccessTokenVerifier,
        VerifiedTokenCache,
        Admission,
        GuardStatistics,
        TokenMetrics,
        JwtStrategy,
      ],
    };
  }

  onModuleInit(): void {
    const { keys, revocations } = this.options;
    revocations?.onKeyRevoked?.(() => void keys.refresh?.());
    keys.start?.();
    revocations?.start?.();
  }

  onModuleDestroy(): void {
    this.options.keys.stop?.();
    this.options.revocations?.stop?.();
  }
}
