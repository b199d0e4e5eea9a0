import {
  AuthenticationProblem,
  invalidToken,
  JwtAuthGuard,
  type AccessToken,
  type AuthenticatedRequest,
} from '@signet/jwt-shared';
import { Inject, Injectable, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookieService } from './session-cookie.service.js';

const TAKES_REFRESH_TOKEN = 'takesRefreshToken';

/**
 * Opens a handler to calls whose body has a `refresh_token`, which the handler has to check; that of the session's cookie
 * is put there. A bearer token that comes with it counts if it is good; otherwise the call has no user.
 */
export const TakesRefreshToken = (): CustomDecorator => SetMetadata(TAKES_REFRESH_TOKEN, true);

/** The guard of all services, and what logging out needs besides: it must be possible without an access token. */
@Injectable()
export class AuthGuard extends JwtAuthGuard {
  @Inject(SessionCookieService) private readonly cookies: SessionCookieService;

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const isOpen = Reflect.getMetadata(TAKES_REFRESH_TOKEN, context.getHandler()) === true;
    if (isOpen) {
      this.cookies.takeInto(requestOf(context));
      if (hasRefreshToken(context)) return this.tryToken(context);
    }
    const answer = super.canActivate(context);
    return answer === true ? admit(context) : Promise.resolve(answer).then(() => admit(context));
  }

  private async tryToken(context: ExecutionContext): Promise<true> {
    const request = requestOf(context);
    try {
      await super.canActivate(context);
    } catch (error) {
      if (!(error instanceof AuthenticationProblem)) throw error;
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      for (const name of Object.keys(error.headers)) reply.removeHeader(name);
    }
    if (!isOurs(request.user)) delete request.user;
    return true;
  }
}

/** Under a shared secret others can sign too, for people that auth cannot have: it gives each of them a UUID. */
function isOurs(token: AccessToken | undefined): boolean {
  if (token === undefined || token.principal.kind === 'client') return true;
  return isUUID(token.userId) && (token.sessionId === undefined || isUUID(token.sessionId));
}

function admit(context: ExecutionContext): true {
  if (isOurs(requestOf(context).user)) return true;
  throw invalidToken();
}

function hasRefreshToken(context: ExecutionContext): boolean {
  const { body } = requestOf(context);
  return typeof body === 'object' && body !== null && 'refresh_token' in body;
}

function requestOf(context: ExecutionContext) {
  return context.switchToHttp().getRequest<FastifyRequest & Partial<AuthenticatedRequest>>();
}
