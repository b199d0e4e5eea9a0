import type { AuthenticatedRequest } from '@signet/jwt-shared';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { administratorRequired } from './admin.errors.js';

/** Lets no client act for an administrator, whatever it may do for users. */
@Injectable()
export class DirectCallGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<AuthenticatedRequest>().user.actor === undefined) return true;
    throw administratorRequired();
  }
}
