import { KeysUnavailable } from '../keys/keys-unavailable.error.js';
import { TokenRejected, type TokenRejectionDetail } from '../token/token-rejected.error.js';
import { AuthenticationProblem, type AuthenticationProblemCode } from './authentication.problem.js';

/** The error codes of RFC 6750 §3.1 that we use. */
type BearerError = 'invalid_token' | 'insufficient_scope';

/** There is no bearer credential, or more than one. RFC 6750 §3.1: then the challenge names no error. */
export function unauthorized(): AuthenticationProblem {
  return new AuthenticationProblem(401, 'UNAUTHORIZED', 'Unauthorized', challenge());
}

/** The token is good but for what it may do. */
export function insufficientScope(scopes: readonly string[] = []): AuthenticationProblem {
  const detail = 'The access token does not allow this';
  return new AuthenticationProblem(
    403,
    'INSUFFICIENT_SCOPE',
    detail,
    challenge('insufficient_scope', scopes),
  );
}

/** What a client is told when verification failed; `undefined` for an error that is none of its business. */
export function problemOf(error: unknown): AuthenticationProblem | undefined {
  if (error instanceof KeysUnavailable) return keysUnavailable(error.retryAfter);
  if (!(error instanceof TokenRejected)) return undefined;
  if (error.detail === 'Unauthorized') return unauthorized();
  return error.detail === 'Token expired' ? refused('TOKEN_EXPIRED', error.detail) : invalidToken();
}

/** The token is not good, and the client is not told why. */
export function invalidToken(): AuthenticationProblem {
  return refused('INVALID_TOKEN', 'Invalid token');
}

/** The token is good as far as is known, but what is known is too old to say so (RFC 9110 §15.6.4). */
export function revocationsStale(): AuthenticationProblem {
  const detail = 'It is not known right now whether the access token has been revoked';
  return new AuthenticationProblem(503, 'REVOCATIONS_STALE', detail, { 'Retry-After': '5' });
}

function refused(
  code: AuthenticationProblemCode,
  detail: Exclude<TokenRejectionDetail, 'Unauthorized'>,
): AuthenticationProblem {
  return new AuthenticationProblem(401, code, detail, challenge('invalid_token'));
}

function keysUnavailable(seconds: number): AuthenticationProblem {
  const detail = 'Access tokens cannot be verified right now';
  return new AuthenticationProblem(503, 'KEYS_UNAVAILABLE', detail, { 'Retry-After': String(seconds) });
}

function challenge(error?: BearerError, scopes: readonly string[] = []): Record<string, string> {
  const scope = scopes.length > 0 ? `, scope="${scopes.join(' ')}"` : '';
  return { 'WWW-Authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"${scope}` };
}
