import { Injectable } from '@nestjs/common';
import type { Rights } from './rights.js';

/** Whom an access token is about to be issued to. */
export interface TokenSubject extends Rights {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Claims of the team's own in every access token of a login or a refresh: `tenant`, say. Register another provider for
 * this class in `AuthorizationModule`. It is asked at each refresh, so it should answer from one indexed row or less, and
 * the token has room for some hundred bytes (4 KiB in all, of which roles and scopes may take 1,800 bytes). No claim
 * replaces one that auth writes itself.
 *
 * When the answer changes, make the older tokens stale in the transaction of the change:
 * `revocations.commit(async (tx) => { …; return [{ kind: 'stale-user', id: userId }]; })`.
 *
 * @example
 * class TenantClaims extends AccessTokenClaimsService {
 *   override async of({ userId }: TokenSubject) { return { tenant: await this.tenants.idOf(userId) }; }
 * }
 */
@Injectable()
export class AccessTokenClaimsService {
  /** Whether a claim tells of the e-mail address: when that is verified or changes, older tokens are stale then. */
  readonly tellOfAddress: boolean = false;

  of(_subject: TokenSubject): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>> {
    return {};
  }
}
