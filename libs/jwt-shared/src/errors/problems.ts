import { KeysUnavailable } from '../keys/keys-unavailable.error.js';
import { TokenRejected, type TokenRejectionDetail } from '../token/token-rejected.error.js';
import { AuthenticationProblem, type AuthenticationProblemCode } from './authentication.problem.js';

/** The error codes of RFC 6750 §3.1 and RFC 9470 §3 that we use. */
type BearerError = 'invalid_token' | 'insufficient_scope' | 'insufficient_user_authentication';

/** There is no bearer credential, or more than one. RFC 6750 §3.1: then the challenge names no error. */
export function unauthorized(): AuthenticationProblem {
  return new AuthenticationProblem(401, 'UNAUTHORIZED', 'Unauthorized', challenge());
}

/** The token is good but for what it may do. */
export function insufficientScope(scopes: readonly string[] = []): AuthenticationProblem {
  const scope = scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : [];
  const headers = challenge('insufficient_scope', ...scope);
  return new AuthenticationProblem(
    403,
    'INSUFFICIENT_SCOPE',
    'The access token does not allow this',
    headers,
  );
}

/** What a caller is told when verification failed; `undefined` for an error that is none of its business. */
export function problemOf(error: unknown): AuthenticationProblem | undefined {
  if (error instanceof KeysUnavailable) return keysUnavailable(error.retryAfter);
  if (!(error instanceof TokenRejected)) return undefined;
  if (error.detail === 'Unauthorized') return unauthorized();
  if (error.reason === 'stale') return tokenStale();
  return error.detail === 'Token expired' ? tokenExpired() : invalidToken();
}

/** The token is not good, and the caller is not told why. */
export function invalidToken(): AuthenticationProblem {
  return refused('INVALID_TOKEN', 'Invalid token');
}

/** The token was good until it ended. */
export function tokenExpired(): AuthenticationProblem {
  return refused('TOKEN_EXPIRED', 'Token expired');
}

/** The rights of the token have changed since it was issued: to a program that does not know the code it has expired. */
export function tokenStale(): AuthenticationProblem {
  return refused('TOKEN_STALE', 'Token expired');
}

/** A client's own token where only users may call. */
export function userRequired(): AuthenticationProblem {
  return new AuthenticationProblem(403, 'USER_REQUIRED', 'Only a user may do this', {});
}

/**
 * The login behind the token was too long ago (RFC 9470 §3).
 *
 * @param maxAge seconds that it may be ago
 */
export function reauthenticationRequired(maxAge: number): AuthenticationProblem {
  const headers = challenge('insufficient_user_authentication', `max_age=${maxAge}`);
  return new AuthenticationProblem(
    401,
    'REAUTHENTICATION_REQUIRED',
    'A more recent login is required',
    headers,
  );
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

/** There are no keys to verify any token with. @param seconds after which it is worth asking again */
export function keysUnavailable(seconds: number): AuthenticationProblem {
  const detail = 'Access tokens cannot be verified right now';
  return new AuthenticationProblem(503, 'KEYS_UNAVAILABLE', detail, { 'Retry-After': String(seconds) });
}

/** The one place that writes the challenge of a bearer token. @param more parameters beside the error */
function challenge(error?: BearerError, ...more: string[]): Readonly<Record<string, string>> {
  const parameters = error === undefined ? [] : [`error="${error}"`, ...more];
  return { 'WWW-Authenticate': ['Bearer', parameters.join(', ')].join(' ').trimEnd() };
}
