import type { AccessToken } from '@signet/jwt-shared';
import { Injectable } from '@nestjs/common';
import type { Requester } from '../../audit/requester.js';
import { RevocationsService } from '../../revocation/revocations.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { IssuedTokensService } from './issued-tokens.service.js';

/** Ends tokens that clients have no more use for (RFC 7009). */
@Injectable()
export class TokenRevocationService {
  constructor(
    private readonly tokens: IssuedTokensService,
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationsService,
  ) {}

  /**
   * A refresh token ends its session: its holder could log out with it. An access token of the client's own ends, and
   * is not exchanged any more. Any other token changes nothing, and is not told from a bad one.
   */
  async revoke(clientId: string, text: string, requester: Requester): Promise<void> {
    const issued = await this.tokens.verify(text);
    if (issued === undefined) await this.sessions.logOut(undefined, text, requester);
    else if (issued.token.clientId === clientId) await this.end(issued.token, clientId);
  }

  private async end({ tokenId: id, issuedAt, expiresAt }: AccessToken, client: string): Promise<void> {
    if (id === undefined) return;
    const token = { kind: 'token', id, client, issuedAt, expiresAt } as const;
    await this.revocations.commit(async () => [token]);
  }
}
