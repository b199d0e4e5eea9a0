import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const REQUIRED_ROLES = 'signet:roles';

/**
 * Demands a token with at least one of these roles. When its class has `@Roles` too, both must be satisfied: a
 * handler can narrow what its class demands, never widen it. Otherwise 403 `INSUFFICIENT_SCOPE`.
 *
 * @example @Roles('admin', 'support')
 * @throws {TypeError} without a role
 */
export function Roles(...roles: [string, ...string[]]): CustomDecorator {
  if (roles.length === 0) throw new TypeError('@Roles() needs a role');
  return SetMetadata(REQUIRED_ROLES, roles);
}
