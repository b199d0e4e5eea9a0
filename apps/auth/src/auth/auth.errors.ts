import { ProblemException } from '@signet/service-kit';

/** The one answer to a login that fails, whatever the cause: no caller learns which addresses have accounts. */
export function invalidCredentials(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');
}

/** A token that verifies, of an account that is gone. */
export function accountIsGone(): ProblemException {
  return new ProblemException(401, 'INVALID_TOKEN', 'Invalid token', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** Somebody who is logged in, but does not know the password of the account. */
export function wrongPassword(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The password is wrong.');
}
