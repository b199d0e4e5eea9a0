import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { httpCredential, type HttpRequest } from './contexts/http.context.js';
import { TokenRejected } from './token/token-rejected.error.js';

/** What {@link PassportBearerService} hands to the strategy through Passport. */
export interface BearerOptions {
  readonly session: false;
  readonly credential: string;
}

/** A request knows the application that it came to: in Express as `app`, in Fastify as `server`, or one made from it. */
interface ApplicationRequest extends HttpRequest {
  readonly app?: object;
  readonly server?: object;
}

/** Passport keeps one strategy a name for the whole process, so the verifier is found by the request's application. */
const verifiers = new WeakMap<object, AccessTokenVerifier>();

/**
 * Passport's `jwt` strategy with our verifier in the place of `jsonwebtoken`, which accepts too much (no `exp`, a
 * numeric `sub`, duplicate members) and knows no EdDSA. `AuthGuard('jwt')` works with it as well, alone or among others,
 * also where several applications share a process.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') implements OnModuleInit {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    @Optional() private readonly host?: HttpAdapterHost,
  ) {
    super({
      jwtFromRequest: (request: HttpRequest) => httpCredential(request) ?? null,
      // Should `authenticate` below ever be bypassed, there is no key to verify anything with.
      secretOrKeyProvider: (_request: unknown, _token: unknown, done: (error: Error) => void) =>
        done(new Error('Access tokens are verified by AccessTokenVerifier only')),
    });
  }

  onModuleInit(): void {
    const application = this.host?.httpAdapter?.getInstance() as object | undefined;
    if (application) verifiers.set(application, this.verifier);
  }

  /** Called by Passport on a fresh object with this strategy as its prototype. */
  override authenticate(request: object, options?: Partial<BearerOptions>): void {
    const verifier = options?.credential === undefined ? this.verifierOf(request) : this.verifier;
    const credential = options?.credential ?? httpCredential(request);
    if (credential === undefined) return this.fail(401);
    verifier.verify(credential).then(
      (user) => this.success(user),
      (error: Error) => (error instanceof TokenRejected ? this.fail(error, 401) : this.error(error)),
    );
  }

  /** The callback of passport-jwt, which `authenticate` never comes to. */
  validate(): never {
    throw new Error('Access tokens are verified by AccessTokenVerifier only');
  }

  private verifierOf({ app, server }: ApplicationRequest): AccessTokenVerifier {
    let owner = app ?? server;
    // A plugin of Fastify has a server of its own, made from that of the application.
    while (owner && !verifiers.has(owner)) owner = Object.getPrototypeOf(owner) as object | undefined;
    return (owner && verifiers.get(owner)) ?? this.verifier;
  }
}
