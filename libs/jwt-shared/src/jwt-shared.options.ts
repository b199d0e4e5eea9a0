import type { CanActivate, FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { JwtSharedSettings } from './jwt-shared.settings.js';
import type { KeySource } from './keys/key-source.js';
import type { RevocationSource } from './revocation/revocation-source.js';
import type { VerifierOptions } from './token/verifier-options.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import type { CacheLimits } from './verified-token.cache.js';

/** Injection token of {@link JwtSharedOptions}. */
export const JWT_SHARED_OPTIONS = Symbol('JWT_SHARED_OPTIONS');

/** The parts that a guard is made of, for a service that brings its own; others say {@link JwtSharedSettings}. */
export interface JwtSharedOptions {
  readonly verifier: VerifierOptions;
  /** All that are trusted, where they are several; `keys` and `revocations` are then those of all together. */
  readonly issuers?: readonly TrustedIssuer[] | undefined;
  /** Started and stopped with the application. */
  readonly keys: KeySource;
  /** Started and stopped with the application. `false`: tokens are good until they expire, whatever happens. */
  readonly revocations: RevocationSource | false;
  /** Seconds after which revocations are too old for any token to be let in; unless told they never are. */
  readonly maxRevocationAge?: number | undefined;
  /** Seconds for which the start waits until it is known what is revoked; 0 unless told. */
  readonly startWait?: number | undefined;
  readonly cache?: CacheLimits | undefined;
  /** For tests; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/** What the module adds beside what it is told about tokens. */
export interface JwtSharedExtras {
  /**
   * The guard of all routes: {@link JwtAuthGuard} unless told, or a class that extends it. `false`: the application
   * registers one by itself.
   */
  readonly guard?: Type<CanActivate> | false | undefined;
}

/** What a service says, of one issuer or of several. */
type ToldOptions = JwtSharedOptions | JwtSharedSettings | readonly JwtSharedSettings[];

/** How {@link JwtSharedModule.forRootAsync} comes by its options, as with any dynamic module of Nest. */
export interface JwtSharedAsyncOptions extends JwtSharedExtras {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (
    // oxlint-disable-next-line typescript/no-explicit-any -- what is injected is the caller's to type
    ...dependencies: any[]
  ) => ToldOptions | Promise<ToldOptions>;
}
