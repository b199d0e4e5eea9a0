import { Injectable } from '@nestjs/common';
import type { Requester } from '../../audit/requester.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { ClientsService } from '../clients.service.js';
import { IssuedTokensService } from './issued-tokens.service.js';

/** Ends tokens that clients have no more use for (RFC 7009). */
@Injectable()
export class TokenRevocationService {
  constructor(
    private readonly tokens: IssuedTokensService,
    private readonly sessions: SessionsService,
    private readonly clients: ClientsService,
  ) {}

  /**
   * A refresh token ends its session: its holder could log out with it. An access token of the client's own
   * ends, with every older one that the client holds. Any other token changes nothing, and is not told from a bad one.
   */
  async revoke(clientId: string, text: string, requester: Requester): Promise<void> {
    const issued = await this.tokens.verify(text);
    if (issued === undefined) await this.sessions.logOut(undefined, text, requester);
    else if (issued.token.clientId === clientId) await this.clients.endTokens(clientId);
  }
}
