import { Injectable } from '@nestjs/common';
import type { ClientInfo } from '../sessions/client.js';
import type { IssuedTokens } from '../sessions/session-tokens.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { invalidCredentials } from './auth.errors.js';

/** Lets people in. */
@Injectable()
export class LoginService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws {ProblemException} 401 `INVALID_CREDENTIALS`, the same for every cause */
  async logIn(email: string, password: string, client: ClientInfo): Promise<IssuedTokens> {
    const user = await this.users.authenticate(email, password);
    const tokens = user && (await this.sessions.begin(user, client));
    if (!tokens) throw invalidCredentials();
    return tokens;
  }
}
