import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal as PrincipalType } from '../access-token.js';
import { authenticated } from './authenticated.js';

/**
 * Who makes the call: a user, a client that acts for one (`actor`), or a client.
 *
 * @example
 * ```ts
 * @AllowClients()
 * @Get()
 * list(@Principal() caller: Principal) {
 *   return caller.kind === 'user' ? this.tasks.of(caller.userId) : this.tasks.all();
 * }
 * ```
 * @throws {Error} (a 500) on a `@Public()` handler
 */
export const Principal = createParamDecorator(
  (_: unknown, context: ExecutionContext): PrincipalType => authenticated(context).principal,
);

/** Who makes a call. */
export type Principal = PrincipalType;
