import { ProblemException } from '@signet/service-kit';

/** The one answer to a refresh token that is not good, whatever the cause: nobody learns which tokens once were. */
export function invalidRefreshToken(): ProblemException {
  return new ProblemException(401, 'INVALID_REFRESH_TOKEN', 'The refresh token is not valid.');
}

/** A request that relies on the session's cookie and does not show that it comes from a page that may. */
export function originNotAllowed(): ProblemException {
  const detail = 'The session cookie counts in JSON requests from an allowed origin only.';
  return new ProblemException(403, 'ORIGIN_NOT_ALLOWED', detail);
}

/** There is no such session, or it is somebody else's: the answer is the same. */
export function sessionNotFound(): never {
  throw new ProblemException(404, 'SESSION_NOT_FOUND', 'There is no such session.');
}
