import { AuthenticationProblem, JwtAuthGuard } from '@signet/jwt-shared';
import { Injectable, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TAKES_REFRESH_TOKEN = 'takesRefreshToken';

/**
 * Opens a handler to calls whose body has a `refresh_token`, which the handler has to check. A bearer token that
 * comes with it counts if it is good; otherwise the call has no user.
 */
export const TakesRefreshToken = (): CustomDecorator => SetMetadata(TAKES_REFRESH_TOKEN, true);

/** The guard of all services, and what logging out needs besides: it must be possible without an access token. */
@Injectable()
export class AuthGuard extends JwtAuthGuard {
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const isOpen = Reflect.getMetadata(TAKES_REFRESH_TOKEN, context.getHandler()) === true;
    return isOpen && hasRefreshToken(context) ? this.tryToken(context) : super.canActivate(context);
  }

  private async tryToken(context: ExecutionContext): Promise<true> {
    try {
      await super.canActivate(context);
    } catch (error) {
      if (!(error instanceof AuthenticationProblem)) throw error;
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      for (const name of Object.keys(error.headers)) reply.removeHeader(name);
    }
    return true;
  }
}

function hasRefreshToken(context: ExecutionContext): boolean {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return typeof body === 'object' && body !== null && 'refresh_token' in body;
}
