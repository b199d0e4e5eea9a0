import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import { userRequired } from '../errors/problems.js';
import { isClientsOwn } from '../token/principal.js';
import { authenticated } from './authenticated.js';

/**
 * The verified token of the user who makes the call, as {@link AccessToken}.
 *
 * @throws {AuthenticationProblem} 403 `USER_REQUIRED` for a client's own token, which only `@AllowClients()` lets in:
 * ask for `@Principal()` there
 * @throws {Error} (a 500) on a `@Public()` handler
 */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => userIn(context));

/**
 * The id of the user who makes the call: `sub` of the verified token, a non-empty string. Never a client's id.
 *
 * @throws {AuthenticationProblem} 403 `USER_REQUIRED` for a client's own token
 * @throws {Error} (a 500) on a `@Public()` handler
 */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext) => userIn(context).userId);

function userIn(context: ExecutionContext): AccessToken {
  const token = authenticated(context);
  if (isClientsOwn(token)) throw userRequired();
  return token;
}
