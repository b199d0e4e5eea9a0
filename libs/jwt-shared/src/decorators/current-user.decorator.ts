import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import { carrierOf } from '../contexts/call.js';

/**
 * The verified token of the call, as {@link AccessToken}.
 *
 * @throws {Error} (a 500) on a `@Public()` handler: it would be `undefined` under a type that denies it
 */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) =>
  authenticated(context),
);

/**
 * The id of the user who makes the call: `sub` of the verified token, a non-empty string.
 *
 * @throws {Error} (a 500) on a `@Public()` handler
 */
export const UserId = createParamDecorator(
  (_: unknown, context: ExecutionContext) => authenticated(context).userId,
);

function authenticated(context: ExecutionContext): AccessToken {
  const user = carrierOf(context)?.user;
  if (user === undefined)
    throw new Error(`${context.getHandler().name}() asks for a user, but no guard has let one in`);
  return user;
}
