import { Injectable } from '@nestjs/common';
import passport from 'passport';
import type { AccessToken } from './access-token.js';
import { JwtStrategy, type BearerOptions } from './jwt.strategy.js';

/** Has Passport verify a credential by the strategy of this very application. */
@Injectable()
export class PassportBearerService {
  constructor(private readonly strategy: JwtStrategy) {}

  /**
   * @throws {TokenRejected} when the token is not good
   * @throws {KeysUnavailable} when there are no keys to judge it by
   */
  verify(credential: string): Promise<AccessToken> {
    return new Promise((resolve, reject) => {
      const options: BearerOptions = { session: false, credential };
      const done = (error: Error | null, user: AccessToken | false, rejection: Error) =>
        user ? resolve(user) : reject(error ?? rejection);
      // Passport hangs its answers on the strategy and helpers for sessions on the request: neither is shared.
      const attempt = Object.create(this.strategy) as JwtStrategy;
      const authenticate = passport.authenticate(attempt, options, done) as (...args: unknown[]) => void;
      authenticate({}, {}, reject);
    });
  }
}
