import { ProblemException } from '@signet/service-kit';

export function userNotFound(): ProblemException {
  return new ProblemException(404, 'USER_NOT_FOUND', 'There is no such user.');
}

export function emailTaken(): ProblemException {
  const detail =
    'There is an account with this address. Make sure that it is the right person’s before you give it roles.';
  return new ProblemException(409, 'EMAIL_TAKEN', detail);
}

/** A client acts for the administrator. */
export function administratorRequired(): ProblemException {
  return new ProblemException(403, 'USER_REQUIRED', 'Only a user may do this, not a client on behalf of one');
}
