import { ProblemException } from '@signet/service-kit';

/** The replica is not in step with the database, or is stopping; another may serve the feed. */
export function feedUnavailable(): ProblemException {
  return new ProblemException(503, 'FEED_UNAVAILABLE', 'This replica cannot serve the feed right now.', {
    headers: { 'retry-after': '1' },
  });
}
