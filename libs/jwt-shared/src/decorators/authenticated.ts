import type { ExecutionContext } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import { carrierOf } from '../contexts/call.js';

/** @throws {Error} when no guard has let the call in: what the caller is would be `undefined` under a type that denies it */
export function authenticated(context: ExecutionContext): AccessToken {
  const user = carrierOf(context)?.user;
  if (user === undefined)
    throw new Error(`${context.getHandler().name}() asks for a caller, but no guard has let one in`);
  return user;
}
