import { randomUUID } from 'node:crypto';
import { secondsOf, type Clock } from '../clock.js';
import type { JwtSharedOptions } from '../jwt-shared.options.js';
import { JwksSource } from '../keys/jwks.source.js';
import type { KeySource } from '../keys/key-source.js';
import { SharedSecretSource } from '../keys/shared-secret.source.js';
import type { JwtAlgorithm } from '../token/algorithm.js';
import type { JwtProfile } from '../token/verifier-options.js';
import { JwksServer } from './jwks-server.js';
import { RevocationList } from './revocation-list.js';
import { SigningKey, signCompact } from './signing-key.js';
import { TestClock } from './test-clock.js';

/** What a pretended issuer is like; each has a default. */
export interface FakeIssuerOptions<C extends Clock = TestClock> {
  /** `HS256` unless told. */
  readonly algorithm?: JwtAlgorithm;
  /** `rfc9068` unless told. */
  readonly profile?: JwtProfile;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds of `max-age` of the JWK set; 300 unless told. */
  readonly maxAge?: number;
  /** A {@link TestClock} unless told; `SYSTEM_CLOCK` for services in processes of their own. */
  readonly clock?: C;
}

/** Seconds of a token's life, unless a claim says otherwise. */
const LIFETIME = 300;

/**
 * An issuer of access tokens for tests of a service, without any auth service: it signs tokens of every shape,
 * serves its public keys over real HTTP, and can rotate, revoke and break down.
 *
 * @example
 * const issuer = await FakeIssuer.start();
 * const module = Test.createTestingModule({
 *   imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() }), TasksModule],
 *   providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
 * });
 * await request(app).get('/tasks').set('authorization', `Bearer ${issuer.token({ sub: 'alice' })}`);
 * await issuer.stop();
 */
export class FakeIssuer<C extends Clock = TestClock> {
  readonly revocations = new RevocationList();
  /** The key that signs. */
  key: SigningKey;
  /** The keys that verifiers may know: those of the JWK set, or the current and the previous secret. */
  keys: readonly SigningKey[];
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: JwtAlgorithm;
  readonly profile: JwtProfile;

  private constructor(
    { algorithm = 'HS256', profile = 'rfc9068', ...options }: FakeIssuerOptions<C>,
    readonly clock: C,
    /** The server of the JWK set, which is empty under `HS256`. */
    readonly jwks: JwksServer,
  ) {
    this.algorithm = algorithm;
    this.profile = profile;
    this.issuer = options.issuer ?? 'http://localhost:3000';
    this.audience = options.audience ?? 'signet';
    this.key = new SigningKey(algorithm, randomUUID());
    this.keys = [this.key];
  }

  static async start(options: FakeIssuerOptions): Promise<FakeIssuer>;
  static async start<C extends Clock>(options: FakeIssuerOptions<C>): Promise<FakeIssuer<C>> {
    let issuer: FakeIssuer;
  }
}
