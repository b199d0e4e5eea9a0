import {
  AccessTokenVerifier,
  keySource,
  TokenRejected,
  verifierOptions,
  type AccessToken,
  type KeySource,
} from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import { LiveRevocationsService } from '../../revocation/live-revocations.service.js';
import { KeyRingService } from '../../signing/key-ring.service.js';

/** A token that is good where it is meant for. */
export interface IssuedToken {
  readonly token: AccessToken;
  readonly audiences: readonly string[];
  /** Of the key that has signed it; the shared secret has none. */
  readonly kid: string | undefined;
}

/** Access tokens that clients show at the OAuth routes: issued here, whichever service they are for. */
@Injectable()
export class IssuedTokensService {
  private readonly keys: KeySource;

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    ring: KeyRingService,
    private readonly revocations: LiveRevocationsService,
  ) {
    this.keys = config.JWT_ALGORITHM === 'HS256' ? keySource(config) : ring;
  }

  /**
   * Verifies a token as the guard of the service does that it is for.
   *
   * @returns nothing for a token that is not good: another issuer's, expired, revoked, stale
   */
  async verify(text: string): Promise<IssuedToken | undefined> {
    const audiences = audiencesOf(text);
    const [audience] = audiences;
    if (audience === undefined) return undefined;
    const options = { ...verifierOptions(this.config), audiences: [audience] };
    try {
      const token = await new AccessTokenVerifier(options, this.keys, this.revocations).verify(text);
      return { token, audiences, kid: decodeProtectedHeader(text).kid };
    } catch (error) {
      if (error instanceof TokenRejected) return undefined;
      throw error;
    }
  }
}

/** `aud` of a token, as a list in either spelling; empty for what is no token. */
function audiencesOf(text: string): readonly string[] {
  try {
    const { aud = [] } = decodeJwt(text);
    return typeof aud === 'string' ? [aud] : aud;
  } catch {
    return [];
  }
}
