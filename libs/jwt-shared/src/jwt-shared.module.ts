import {
  Inject,
  Logger,
  Module,
  Optional,
  type CanActivate,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, ModulesContainer } from '@nestjs/core';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { RouteAccessService } from './route-access.service.js';
import { assertNoFaults } from './config/settings.error.js';
import { SETTINGS_RULES } from './config/settings.rules.js';
import { describeGuard, GUARD_DESCRIPTION } from './guard-description.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import {
  JWT_SHARED_OPTIONS,
  type JwtSharedAsyncOptions,
  type JwtSharedExtras,
  type JwtSharedOptions,
} from './jwt-shared.options.js';
import type { JwtSharedSettings } from './jwt-shared.settings.js';
import { optionsFromEnvironment, optionsFromSettings } from './jwt.config.js';
import { JwtStrategy } from './jwt.strategy.js';
import { GuardStatistics } from './metrics/guard-statistics.js';
import { OPERATIONS, type Operations } from './metrics/operations.js';
import { RefusalLogService } from './metrics/refusal-log.service.js';
import { TokenMetrics } from './metrics/token-metrics.js';
import { PassportBearerService } from './passport-bearer.service.js';
import { RevocationFreshness } from './revocation/revocation-freshness.js';
import { APPLICATION_GUARD, layMessageFloor, MessageFloorGuard } from './message-floor.guard.js';
import { CLOSED } from './route-policy.js';
import { SeveralIssuersVerifier } from './several-issuers.verifier.js';
import { OpenStreamsService } from './streams/open-streams.service.js';
import { TokenWatchService } from './streams/token-watch.service.js';
import { TokenStanding } from './token-standing.js';
import { trustIn } from './trust.js';
import { revocationsOf } from './trusted-issuer.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

/** A part of the guard, which is made of the options and of other parts. */
function part<T, Parts extends unknown[]>(
  provide: Type<T>,
  useFactory: (options: JwtSharedOptions, ...parts: Parts) => T,
  ...parts: { readonly [Index in keyof Parts]: Type<Parts[Index]> }
): FactoryProvider<T> {
  return { provide, inject: [JWT_SHARED_OPTIONS, ...parts], useFactory };
}

const PARTS: Provider[] = [
  part(AccessTokenVerifier, (options) =>
    options.issuers === undefined
      ? new AccessTokenVerifier(options.verifier, options.keys, revocationsOf(options), options.clock)
      : new SeveralIssuersVerifier(options.issuers, options.clock),
  ),
  part(TokenStanding, (options) => {
    const { verifier, keys, clock } = options;
    return new TokenStanding(verifier.clockTolerance, keys, revocationsOf(options), clock);
  }),
  part(VerifiedTokenCache, ({ cache }, standing) => new VerifiedTokenCache(standing, cache), TokenStanding),
  part(
    RevocationFreshness,
    (options) => new RevocationFreshness(revocationsOf(options), options.maxRevocationAge),
  ),
  part(
    RouteAccessService,
    ({ clock }, freshness) => new RouteAccessService(freshness, clock),
    RevocationFreshness,
  ),
  part(
    TokenWatchService,
    (_, standing, freshness) => new TokenWatchService(standing, freshness),
    TokenStanding,
    RevocationFreshness,
  ),
  part(
    TokenMetrics,
    (options, statistics, cache) => new TokenMetrics(statistics, cache, options.keys, revocationsOf(options)),
    GuardStatistics,
    VerifiedTokenCache,
  ),
  part(RefusalLogService, ({ verifier, issuers, clock }) => {
    return new RefusalLogService(issuers?.map((issuer) => issuer.verifier) ?? [verifier], clock);
  }),
];

/** Everything that a service needs to trust a token, with the guard of all its routes. */
@Module({})
export class JwtSharedModule implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(JwtSharedModule.name);
  private readonly stopped = new AbortController();

  constructor(
    @Inject(JWT_SHARED_OPTIONS) private readonly options: JwtSharedOptions,
    private readonly metrics: TokenMetrics,
    private readonly freshness: RevocationFreshness,
    modules: ModulesContainer,
    @Optional() @Inject(OPERATIONS) private readonly operations?: Operations,
  ) {
    layMessageFloor(modules);
  }

  /**
   * Guards the application by what its environment says (`JWT_*`, `AUTH_URL`, `REVOCATION_*`), or by what is told in
   * code.
   *
   * @example imports: [JwtSharedModule.forRoot()]
   * @throws {JwtSettingsError} when the application starts with settings that are missing or wrong
   */
  static forRoot(
    settings?: JwtSharedSettings | readonly JwtSharedSettings[],
    extras: JwtSharedExtras = {},
  ): DynamicModule {
    // Read when the application starts, as .env files are loaded after imports.
    const useFactory = () =>
      settings === undefined ? optionsFromEnvironment() : optionsFromSettings(settings);
    return guardedBy({ provide: JWT_SHARED_OPTIONS, useFactory }, extras.guard);
  }

  /**
   * The same for an application whose settings come from a provider, or which brings its own keys and revocations.
   *
   * @example
   * JwtSharedModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({
   *     issuer: config.getOrThrow('issuer'),
   *     audience: 'orders',
   *     revocations: false,
   *   }),
   * })
   * @throws {JwtSettingsError} as {@link forRoot}
   */
  static forRootAsync({ imports, inject = [], useFactory, guard }: JwtSharedAsyncOptions): DynamicModule {
    const resolve = async (...dependencies: unknown[]) => {
      const options = await useFactory(...dependencies);
      return options instanceof Object && 'verifier' in options
        ? assertParts(options)
        : optionsFromSettings(options);
    };
    return guardedBy({ provide: JWT_SHARED_OPTIONS, inject, useFactory: resolve }, guard, imports);
  }

  onModuleInit(): void {
    const { keys } = this.options;
    const revocations = revocationsOf(this.options);
    this.logger.log(trustIn(this.options));
    if (this.operations) this.metrics.showIn(this.operations);
    // Away from a service that lets no token in right now, traffic may find one that does.
    this.operations?.health?.('revocations', () => ({
      status: this.freshness.suffices(CLOSED) ? 'up' : 'down',
      ...revocations.describe?.(),
    }));
    revocations.onKeyRevoked?.(() => void keys.refresh?.());
    keys.start?.();
    revocations.start?.();
  }

  /** A service that has never been told what is revoked would let in what it refused before it was restarted. */
  async onApplicationBootstrap(): Promise<void> {
    const { startWait = 0 } = this.options;
    const { known } = revocationsOf(this.options);
    if (known === undefined || startWait === 0) return;
    const waiting = new AbortController();
    const signal = AbortSignal.any([this.stopped.signal, waiting.signal]);
    const isOver = delay(startWait * 1000, true, { signal }).catch(() => false);
    const isUnknown = await Promise.race([known.then(() => false), isOver]);
    waiting.abort();
    if (isUnknown)
      this.logger.warn(
        `What is revoked is not known after ${startWait} s, as the revocation feed is away: starting all the same`,
      );
  }

  onModuleDestroy(): void {
    this.stopped.abort();
    this.options.keys.stop?.();
    revocationsOf(this.options).stop?.();
  }
}

function guardedBy(
  options: FactoryProvider<JwtSharedOptions>,
  guard: Type<CanActivate> | false = JwtAuthGuard,
  imports: ModuleMetadata['imports'] = [],
): DynamicModule {
  const tokens = [APP_GUARD, APPLICATION_GUARD];
  const guards: Provider[] =
    guard === false
      ? []
      : [guard, MessageFloorGuard, ...tokens.map((provide) => ({ provide, useExisting: guard }))];
  return {
    module: JwtSharedModule,
    global: true,
    imports,
    providers: [
      options,
      ...PARTS,
      OpenStreamsService,
      GuardStatistics,
      JwtStrategy,
      PassportBearerService,
      { provide: GUARD_DESCRIPTION, useValue: describeGuard },
      ...guards,
    ],
    exports: [
      AccessTokenVerifier,
      VerifiedTokenCache,
      RouteAccessService,
      GuardStatistics,
      TokenMetrics,
      JwtStrategy,
    ],
  };
}

/** @throws {JwtSettingsError} when it is not said where revocations come from */
function assertParts(options: JwtSharedOptions): JwtSharedOptions {
  const fault = SETTINGS_RULES.revocations.faultOf(options.revocations, {});
  assertNoFaults(fault === undefined ? [] : [`revocations ${fault}`]);
  return options;
}
