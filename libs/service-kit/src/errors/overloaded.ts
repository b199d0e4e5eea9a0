import { ProblemException } from './problem.exception.js';

/** A service that has more to do than it can: the request was not begun, and may be sent again. */
export function overloaded(cause?: unknown): ProblemException {
  return new ProblemException(503, 'OVERLOADED', 'Too much is going on right now. Try again shortly.', {
    headers: { 'retry-after': '2' },
    cause,
  });
}
