import { randomUUID } from 'node:crypto';
import type { AccessToken } from '../access-token.js';
import { secondsOf } from '../clock.js';
import { JWT_SHARED_OPTIONS, type JwtSharedOptions } from '../jwt-shared.options.js';
import { JwksSource } from '../keys/jwks.source.js';
import type { KeySource } from '../keys/key-source.js';
import { SharedSecretSource } from '../keys/shared-secret.source.js';
import type { TokenAlgorithm } from '../jose/algorithm.js';
import { principalOf } from '../token/principal.js';
import type { JwtProfile, VerifierOptions } from '../token/verifier-options.js';
import { FakeFeed } from './fake-feed.js';
import { JwksServer } from './jwks-server.js';
import { SigningKey, signCompact } from './signing-key.js';
import { TestClock } from './test-clock.js';

/** What a pretended issuer is like. */
export interface FakeIssuerOptions {
  /** `HS256` unless told. */
  readonly algorithm?: TokenAlgorithm;
  /** `rfc9068` unless told. */
  readonly profile?: JwtProfile;
  /** `max-age` of the JWK set in seconds; 300 unless told. */
  readonly maxAge?: number;
  /** Standing still unless told. */
  readonly clock?: TestClock;
}

/** A user whose token a test wants. */
export interface FakeUser {
  /** Its own for each token unless told. */
  readonly id?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  /** Its own for each token unless told; give it to {@link FakeIssuer.revokeSession}. */
  readonly sessionId?: string;
}

/** A client that calls for itself. */
export interface FakeClient {
  readonly id: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
}

/** A request's headers, for `fetch`, supertest and `inject` alike. */
export type BearerHeaders = { readonly authorization: string };

/** The part of Nest's `TestingModuleBuilder` that replaces a provider. */
interface ModuleBuilder<Self> {
  overrideProvider(token: unknown): { useValue(value: unknown): Self };
}

/** Seconds of a token's life, unless its claims say otherwise. */
const LIFETIME = 300;

/**
 * An issuer of access tokens for the tests of a service, without any auth service: signs tokens of every shape,
 * serves its public keys over real HTTP, rotates them, revokes, and breaks down when told to.
 *
 * @example
 * const issuer = await FakeIssuer.start();
 * const module = await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
 * const headers = issuer.asUser({ id: 'ada', scopes: ['orders:read'] });
 * await issuer.stop();
 */
export class FakeIssuer {
  readonly issuer = 'http://localhost:3000';
  readonly audience = 'signet';
  /** What has been revoked, and what the service hears of it; has an outage switch. */
  readonly revocations: FakeFeed;
  /** The key that signs. */
  key: SigningKey;
  /** The keys that verifiers may know: the JWK set, or the current secret and the one before it. */
  keys: readonly SigningKey[];

  private constructor(
    readonly algorithm: TokenAlgorithm,
    readonly profile: JwtProfile,
    readonly clock: TestClock,
    /** The server of the JWK set: counts requests, and has the outage switch. */
    readonly jwks: JwksServer,
  ) {
    this.revocations = new FakeFeed(clock);
    this.key = new SigningKey(algorithm, randomUUID());
    this.keys = [this.key];
  }

  /** Starts an issuer with one key; end it with {@link stop}. */
  static async start(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
    const { algorithm = 'HS256', profile = 'rfc9068', maxAge = 300, clock = new TestClock() } = options;
    const jwks = await JwksServer.start(maxAge);
    const issuer = new FakeIssuer(algorithm, profile, clock, jwks);
    jwks.keys = () => (algorithm === 'HS256' ? [] : issuer.keys.map((key) => key.jwk));
    return issuer;
  }

  async stop(): Promise<void> {
    await this.jwks.stop();
  }

  /**
   * A good token, but for what is overridden; a claim or member that is overridden with `undefined` is left out.
   *
   * @example issuer.token({ sub: 'alice', aud: 'another-service' })
   */
  token(
    claims: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): string {
    return signCompact(this.key, { ...this.header(), ...header }, { ...this.claims(), ...claims });
  }

  /** The headers of a request by a user. */
  asUser({ id, sessionId, ...rights }: FakeUser = {}): BearerHeaders {
    const claims = {
      ...(id !== undefined && { sub: id }),
      ...(sessionId !== undefined && { sid: sessionId }),
    };
    return bearer(this.token({ ...claims, ...rightsOf(rights) }));
  }

  /** The headers of a request by a client for itself. */
  asClient({ id, ...rights }: FakeClient): BearerHeaders {
    return bearer(this.clientToken(id, rightsOf(rights)));
  }

  /** A token that was good until `ago` seconds before now. */
  expiredToken(ago = 60): string {
    const exp = secondsOf(this.clock) - ago;
    return this.token({ iat: exp - LIFETIME, exp });
  }

  /** A token whose session has been ended. */
  revokedToken(): string {
    const sid = randomUUID();
    this.revokeSession(sid);
    return this.token({ sid });
  }

  /** Ends a session: its tokens are refused from now on. */
  revokeSession(id: string): void {
    this.revocations.add([{ kind: 'session', id, until: secondsOf(this.clock) + LIFETIME }]);
  }

  /** A good token that a client holds for itself. */
  clientToken(id: string, claims: Readonly<Record<string, unknown>> = {}): string {
    return this.token({ sub: id, client_id: id, sid: undefined, ...claims });
  }

  /** Ends every token of a user that has been signed so far, this second included: a test's clock stands still. */
  revokeUser(id: string): void {
    this.cutOff('user', id);
  }

  /** Ends what has been signed so far for whatever one kind of cut-off concerns, this second included. */
  cutOff(kind: 'user' | 'client' | 'stale-user' | 'stale-role', id: string): void {
    const now = secondsOf(this.clock);
    this.revocations.add([{ kind, id, before: now + 1, until: now + LIFETIME, for: LIFETIME }]);
  }

  /** The header of a good token. */
  header(): Record<string, unknown> {
    const typ = this.profile === 'bare' ? 'JWT' : 'at+jwt';
    return { alg: this.algorithm, typ, ...(this.algorithm !== 'HS256' && { kid: this.key.kid }) };
  }

  /** The claims of a good token, each time with ids of its own. */
  claims(): Record<string, unknown> {
    const iat = secondsOf(this.clock);
    const bare = { sub: randomUUID(), iat, exp: iat + LIFETIME };
    if (this.profile === 'bare') return bare;
    const ids = { jti: randomUUID(), sid: randomUUID(), client_id: 'first-party' };
    return { iss: this.issuer, aud: this.audience, ...bare, ...ids };
  }

  /** A new key signs from now on; those before it are still known until {@link withdraw}. */
  rotate(): void {
    this.key = new SigningKey(this.algorithm, randomUUID());
    this.keys = [this.key, ...this.keys];
  }

  /** Takes a key back. */
  withdraw(kid: string): void {
    this.keys = this.keys.filter((key) => key.kid !== kid);
  }

  /**
   * Has a service trust this issuer, whatever its own settings say: they are not even read.
   *
   * @example await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile()
   */
  trustedBy<Builder extends ModuleBuilder<Builder>>(
    builder: Builder,
    overrides: Partial<JwtSharedOptions> = {},
  ): Builder {
    return builder.overrideProvider(JWT_SHARED_OPTIONS).useValue(this.options(overrides));
  }

  /** What a service that trusts this issuer gives to {@link JwtSharedModule.forRootAsync}. */
  options(overrides: Partial<JwtSharedOptions> = {}): JwtSharedOptions {
    const { revocations, clock } = this;
    return { verifier: this.verifierOptions(), keys: this.keySource(), revocations, clock, ...overrides };
  }

  verifierOptions(): VerifierOptions {
    const { algorithm, issuer, audience, profile } = this;
    return { algorithm, issuer, audiences: [audience], profile, clockTolerance: 5 };
  }

  /** The keys as a service gets them; under `HS256` those of this moment, as a secret is configured. */
  keySource(): KeySource {
    const { algorithm, clock } = this;
    if (algorithm !== 'HS256') return new JwksSource({ url: this.jwks.url, algorithm, clock });
    const [current = this.key, previous] = this.keys;
    return new SharedSecretSource(current.secret, previous?.secret);
  }

  /** The environment of a service in a process of its own that trusts this issuer. Give it a running clock. */
  environment(): Record<string, string> {
    const { algorithm, issuer, audience, profile, jwks, key } = this;
    return {
      JWT_ALGORITHM: algorithm,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
      JWT_PROFILE: profile,
      JWT_JWKS_URL: jwks.url,
      ...(algorithm === 'HS256' && { JWT_SECRET: key.secret }),
    };
  }

  /** A verified token as handlers get it, for tests of what comes after the guard. */
  static accessToken(overrides: Partial<AccessToken> = {}): AccessToken {
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = {
      userId: randomUUID(),
      issuedAt,
      expiresAt: issuedAt + LIFETIME,
      scopes: [],
      roles: [],
      claims: {},
      ...overrides,
    };
    return { ...token, principal: overrides.principal ?? principalOf(token) };
  }
}

function bearer(token: string): BearerHeaders {
  return { authorization: `Bearer ${token}` };
}

function rightsOf({ roles, scopes }: Pick<FakeUser, 'roles' | 'scopes'>) {
  return { ...(roles && { roles }), ...(scopes && { scope: scopes.join(' ') }) };
}
