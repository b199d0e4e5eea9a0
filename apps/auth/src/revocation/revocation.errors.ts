import { ProblemException } from '@signet/service-kit';

/** The call shows no `REVOCATION_FEED_KEY`. */
export function feedKeyMissing(): ProblemException {
  return new ProblemException(401, 'UNAUTHORIZED', 'Unauthorized', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** The key is not auth's. */
export function feedKeyInvalid(): ProblemException {
  return new ProblemException(401, 'INVALID_TOKEN', 'Invalid token', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** The replica is not in step with the database, or is stopping; another may serve the feed. */
export function feedUnavailable(): ProblemException {
  return new ProblemException(503, 'FEED_UNAVAILABLE', 'This replica cannot serve the feed right now.', {
    headers: { 'retry-after': '1' },
  });
}
