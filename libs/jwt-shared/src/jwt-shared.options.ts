import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { KeySource } from './keys/key-source.js';
import type { RevocationSource } from './revocation/revocation-source.js';
import type { VerifierOptions } from './token/verifier-options.js';
import type { CacheLimits } from './verified-token.cache.js';

/** Injection token of {@link JwtSharedOptions}. */
export const JWT_SHARED_OPTIONS = Symbol('JWT_SHARED_OPTIONS');

/** All that a service says about the tokens it accepts. */
export interface JwtSharedOptions {
  readonly verifier: VerifierOptions;
  /** Started and stopped with the application. */
  readonly keys: KeySource;
  /** Started and stopped with the application; {@link NO_REVOCATIONS} unless told. */
  readonly revocations?: RevocationSource | undefined;
  /** Seconds after which revocations are too old for any token to be let in; unless told they never are. */
  readonly maxRevocationAge?: number | undefined;
  readonly cache?: CacheLimits | undefined;
  /** For tests; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/** How {@link JwtSharedModule.forRootAsync} comes by its options, as with any dynamic module of Nest. */
export interface JwtSharedAsyncOptions {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // oxlint-disable-next-line typescript/no-explicit-any -- what is injected is the caller's to type
  readonly useFactory: (...dependencies: any[]) => JwtSharedOptions | Promise<JwtSharedOptions>;
}
