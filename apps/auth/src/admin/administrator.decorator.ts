import { RecentLogin, Roles, type AuthenticatedRequest } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import { applyDecorators, createParamDecorator, UseGuards, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { AdministratorDoer } from '../audit/doer.js';
import { requesterOf } from '../audit/requester.js';
import { ADMIN } from '../authorization/role-name.js';
import { administratorRequired } from './admin.errors.js';
import { DirectCallGuard } from './direct-call.guard.js';

/** Seconds that the login of an administrator who changes something may be ago. */
const RECENT = 900;

type Request = FastifyRequest & AuthenticatedRequest;

/** Opens a controller to administrators who call themselves. */
export const ForAdministrators = (): ClassDecorator =>
  applyDecorators(
    ApiTags('administration'),
    Roles(ADMIN),
    UseGuards(DirectCallGuard),
    ApiBearerAuth(),
    ApiProblems(administratorRequired),
  );

/** A change: the login must be recent (RFC 9470). */
export const Change = (): MethodDecorator => RecentLogin(RECENT);

/** The administrator who makes the call, as the audit log has it. */
export const Administrator = createParamDecorator(
  (_: unknown, context: ExecutionContext): AdministratorDoer => {
    const request = context.switchToHttp().getRequest<Request>();
    return { kind: 'administrator', userId: request.user.userId, requester: requesterOf(request) };
  },
);
