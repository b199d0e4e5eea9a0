import { Inject, Injectable } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import { readFileSync } from 'node:fs';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import { remoteKeys } from './assertion-keys.js';
import { verifyAssertion } from './assertion.js';

const ALGORITHMS = ['RS256', 'ES256'];
const SUBJECT = /^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$/;

/**
 * Projected service account tokens of a Kubernetes cluster, by which its services prove who they are without a secret:
 * the kubelet renews the file, and the token is for auth alone (`audience` of the projected volume).
 *
 * Such a token is shown many times while it is good, so it is no one-time assertion.
 */
@Injectable()
export class ServiceAccountTokensService {
  /** `iss` of the cluster's tokens; undefined: there is no cluster. */
  readonly issuer: string | undefined;
  private readonly keys: JWTVerifyGetKey | undefined;

  constructor(@Inject(authConfig.KEY) private readonly config: AuthConfig) {
    this.issuer = config.KUBERNETES_ISSUER;
    const url = config.KUBERNETES_JWKS_URL ?? `${this.issuer?.replace(/\/+$/, '')}/openid/v1/jwks`;
    if (this.issuer !== undefined) this.keys = remoteKeys(url, () => this.authorization());
  }

  /**
   * Verifies a token.
   *
   * @returns `namespace/name` of its service account; undefined when it is not good, or of the account `default`,
   * which every pod has that was given no other
   * @throws {KeysUnreachable} when the cluster's keys cannot be fetched
   */
  async accountOf(token: string): Promise<string | undefined> {
    if (this.keys === undefined || this.issuer === undefined) return undefined;
    const payload = await verifyAssertion(token, this.keys, {
      algorithms: ALGORITHMS,
      issuer: this.issuer,
      audience: this.config.JWT_ISSUER,
      clockTolerance: this.config.JWT_CLOCK_TOLERANCE,
      requiredClaims: ['exp', 'sub'],
    });
    const [, namespace, name] = SUBJECT.exec(payload?.sub ?? '') ?? [];
    return namespace === undefined || name === 'default' ? undefined : `${namespace}/${name}`;
  }

  /** The API server asks for a token of auth's own service account, which is renewed too. */
  private authorization(): Record<string, string> {
    const { KUBERNETES_JWKS_TOKEN_FILE: file } = this.config;
    return file === undefined ? {} : { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` };
  }
}
