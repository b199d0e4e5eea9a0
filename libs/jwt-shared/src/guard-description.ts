import type { HttpException, Type } from '@nestjs/common';
import {
  insufficientScope,
  invalidToken,
  problemOf,
  reauthenticationRequired,
  revocationsStale,
  tokenStale,
  unauthorized,
  userRequired,
} from './errors/problems.js';
import { KeysUnavailable } from './keys/keys-unavailable.error.js';
import { readPolicy } from './route-policy.js';
import { TokenRejected } from './token/token-rejected.error.js';

/**
 * Where a generator of OpenAPI documents finds {@link describeGuard}. In the registry of symbols, so that neither
 * library depends on the other.
 */
export const GUARD_DESCRIPTION = Symbol.for('signet:guard-description');

const EXPIRED = new TokenRejected('expired', 'Token expired');
const KEYS_AWAY = new KeysUnavailable(5);

/** What the guard asks of the calls to a handler, and each way in which it refuses them. */
export function describeGuard(
  controller: Type,
  handler: (...args: never[]) => unknown,
): { readonly needsToken: boolean; readonly problems: readonly HttpException[] } {
  const { isPublic, scopes, roles, clients, recentLogin } = readPolicy(controller, handler);
  if (isPublic) return { needsToken: false, problems: [] };
  const problems = [
    unauthorized(),
    problemOf(EXPIRED),
    invalidToken(),
    tokenStale(),
    problemOf(KEYS_AWAY),
    revocationsStale(),
  ];
  if (clients?.length !== 0) problems.push(userRequired());
  if (recentLogin !== undefined) problems.push(reauthenticationRequired(recentLogin));
  if (scopes.length > 0 || roles.length > 0) problems.push(insufficientScope(scopes));
  return { needsToken: true, problems: problems.filter((problem) => problem !== undefined) };
}
