import { Inject, Injectable } from '@nestjs/common';
import { decodeProtectedHeader, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { createHash } from 'node:crypto';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import { ClientsRepository, type AuthenticatableClient } from '../clients.repository.js';
import { ASSERTION_ALGORITHMS, keyObjectOf, type AssertionAlgorithm } from '../public-client-key.js';
import { remoteKeys } from './assertion-keys.js';
import { verifyAssertion } from './assertion.js';
import { DECOY_KEYS } from './decoy-keys.js';

/** The longest life of an assertion, in seconds. */
const MAX_LIFETIME = 60;
const MAX_JTI_LENGTH = 255;

/**
 * Clients that sign an assertion with a key of their own (`private_key_jwt`, RFC 7523 §2.2): issuer and subject are
 * the client, the audience is our issuer alone, it lives for a minute at most and is good once.
 */
@Injectable()
export class PrivateKeyJwtService {
  private readonly keySets = new Map<string, JWTVerifyGetKey>();

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly clients: ClientsRepository,
  ) {}

  /**
   * @param client undefined: there is none; an assertion of it is verified too, with a key that nobody has, so that both
   * cost the same
   * @returns whether the client has signed the assertion, and has not shown it before
   * @throws {KeysUnreachable} when the client's keys cannot be fetched
   */
  async isGood(
    assertion: string,
    clientId: string,
    client: AuthenticatableClient | undefined,
  ): Promise<boolean> {
    const payload = await verifyAssertion(assertion, this.keyOf(client, algorithmOf(assertion)), {
      algorithms: ASSERTION_ALGORITHMS,
      issuer: clientId,
      audience: this.config.JWT_ISSUER,
      clockTolerance: this.config.JWT_CLOCK_TOLERANCE,
      requiredClaims: ['exp', 'jti', 'sub'],
    });
    if (!client || payload?.sub !== clientId || !this.isShort(payload)) return false;
    const { jti, exp = 0 } = payload;
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) return false;
    const hash = createHash('sha256').update(jti).digest();
    return this.clients.useAssertion(client.id, hash, exp + 2 * this.config.JWT_CLOCK_TOLERANCE + 1);
  }

  /** A key that an assertion may be signed with by this client; otherwise one that has signed nothing. */
  private keyOf(client: AuthenticatableClient | undefined, algorithm: AssertionAlgorithm) {
    if (client?.jwksUrl) return this.keysAt(client.jwksUrl);
    const isItsOwn = client?.publicKey?.algorithms.includes(algorithm);
    return keyObjectOf((isItsOwn && client?.publicKey) || DECOY_KEYS[algorithm]);
  }

  private keysAt(url: string): JWTVerifyGetKey {
    let keys = this.keySets.get(url);
    if (!keys) this.keySets.set(url, (keys = remoteKeys(url)));
    return keys;
  }

  private isShort({ iat, exp = Infinity }: JWTPayload): boolean {
    const now = Date.now() / 1000;
    const tolerance = this.config.JWT_CLOCK_TOLERANCE;
    if (iat === undefined) return exp <= now + MAX_LIFETIME + tolerance;
    return iat <= now + tolerance && exp - iat <= MAX_LIFETIME;
  }
}

/** What an assertion says; the first for what none of ours is, which is refused in any case. */
function algorithmOf(assertion: string): AssertionAlgorithm {
  const { alg } = decodeProtectedHeader(assertion);
  return ASSERTION_ALGORITHMS.find((name) => name === alg) ?? ASSERTION_ALGORITHMS[0];
}
