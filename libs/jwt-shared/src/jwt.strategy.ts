import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { httpCredential, type HttpRequest } from './contexts/http.context.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { TokenRejected } from './token/token-rejected.error.js';

/** What {@link JwtAuthGuard} hands to the strategy through Passport. */
export interface BearerOptions {
  readonly session: false;
  readonly credential: string | undefined;
  /** Passport keeps one strategy a name for the whole process, so each application names its own verifier. */
  readonly verifier: AccessTokenVerifier;
}

/**
 * Passport's `jwt` strategy with our verifier in the place of `jsonwebtoken`, which accepts too much (no `exp`, a
 * numeric `sub`, duplicate members) and knows no EdDSA.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(private readonly verifier: AccessTokenVerifier) {
    super({
      jwtFromRequest: (request: HttpRequest) => httpCredential(request) ?? null,
      // Should `authenticate` below ever be bypassed, there is no key to verify anything with.
      secretOrKeyProvider: (_request: unknown, _token: unknown, done: (error: Error) => void) =>
        done(new Error('Access tokens are verified by AccessTokenVerifier only')),
    });
  }

  /** Called by Passport on a fresh object with this strategy as its prototype. */
  override authenticate(request: unknown, options?: Partial<BearerOptions>): void {
    const credential = options?.credential ?? httpCredential(request as HttpRequest);
    if (credential === undefined) return this.fail(401);
    (options?.verifier ?? this.verifier).verify(credential).then(
      (user) => this.success(user),
      (error: Error) => (error instanceof TokenRejected ? this.fail(error, 401) : this.error(error)),
    );
  }

  /** The callback of passport-jwt, which `authenticate` never comes to. */
  validate(): never {
    throw new Error('Access tokens are verified by AccessTokenVerifier only');
  }
}
