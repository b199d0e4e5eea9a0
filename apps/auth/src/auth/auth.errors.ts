import { ProblemException } from '@signet/service-kit';

/** The one answer to a login that fails, whatever the cause: no caller learns which addresses have accounts. */
export function invalidCredentials(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');
}
