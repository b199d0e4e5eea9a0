import { ProblemException } from '@signet/service-kit';

/** The one answer to a one-time token that is no good: unknown, used, replaced, expired or for something else. */
export function invalidOneTimeToken(): ProblemException {
  return new ProblemException(
    400,
    'INVALID_ONE_TIME_TOKEN',
    'The link is no longer good. Ask for a new one.',
  );
}
