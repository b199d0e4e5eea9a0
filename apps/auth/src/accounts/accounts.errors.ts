import { ProblemException } from '@signet/service-kit';

/** The person is logged in, and does not know the password of the account. */
export function wrongPassword(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The password is wrong.');
}

/** The one answer to a one-time token that is no good: unknown, used, replaced, expired or for something else. */
export function invalidOneTimeToken(): ProblemException {
  const detail = 'The link is no longer good. Ask for a new one.';
  return new ProblemException(400, 'INVALID_ONE_TIME_TOKEN', detail);
}
