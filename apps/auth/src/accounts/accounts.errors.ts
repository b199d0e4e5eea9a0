import { ProblemException } from '@signet/service-kit';

/** A token that verifies, of an account that is gone. */
export function accountIsGone(): ProblemException {
  return new ProblemException(401, 'INVALID_TOKEN', 'Invalid token', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** The person is logged in, and does not know the password of the account. */
export function wrongPassword(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The password is wrong.');
}

/** The one answer to a one-time token that is no good: unknown, used, replaced, expired or for something else. */
export function invalidOneTimeToken(): ProblemException {
  return new ProblemException(
    400,
    'INVALID_ONE_TIME_TOKEN',
    'The link is no longer good. Ask for a new one.',
  );
}
