import type { HttpException, Type } from '@nestjs/common';
import {
  insufficientScope,
  invalidToken,
  keysUnavailable,
  reauthenticationRequired,
  revocationsStale,
  tokenExpired,
  tokenStale,
  unauthorized,
  userRequired,
} from './errors/problems.js';
import { readPolicy } from './route-policy.js';

/**
 * Where a generator of OpenAPI documents finds {@link describeGuard}. In the registry of symbols, so that neither
 * library depends on the other.
 */
export const GUARD_DESCRIPTION = Symbol.for('signet:guard-description');

/** What the guard asks of the calls to a handler, and each way in which it refuses them. */
export function describeGuard(
  controller: Type,
  handler: (...args: never[]) => unknown,
): { readonly needsToken: boolean; readonly problems: readonly HttpException[] } {
  const { isPublic, scopes, roles, clients, recentLogin } = readPolicy(controller, handler);
  if (isPublic) return { needsToken: false, problems: [] };
  const problems = [
    unauthorized(),
    tokenExpired(),
    invalidToken(),
    tokenStale(),
    keysUnavailable(5),
    revocationsStale(),
  ];
  if (clients?.length !== 0) problems.push(userRequired());
  if (recentLogin !== undefined) problems.push(reauthenticationRequired(recentLogin));
  if (scopes.length > 0 || roles.length > 0) problems.push(insufficientScope(scopes));
  return { needsToken: true, problems };
}
